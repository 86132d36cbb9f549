package main

import (
	"context"

	"github.com/spf13/cobra"

	"threering/config"
	"threering/sip"
	"threering/store"
)

func traceCommand() *cobra.Command {
	var whole bool
	cmd := &cobra.Command{
		Use:   "trace CALL",
		Short: "Draw the SIP messages of a call that has ended, as a ladder",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDatabase(cmd, false, func(ctx context.Context, s config.Settings, db *store.DB) error {
				ladders, err := sip.NewLadders(ctx, db, s.SIP.Ladders)
				if err != nil {
					return err
				}
				ladder, err := ladders.Of(ctx, args[0])
				if err != nil {
					return err
				}
				return ladder.Draw(cmd.OutOrStdout(), whole)
			})
		},
	}
	cmd.Flags().BoolVar(&whole, "messages", false, "print each message whole below its arrow")
	return cmd
}
