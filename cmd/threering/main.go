// Command threering is a contact center in one binary. It builds the rooms, joins them and opens the doors; it has no logic
// of its own.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"threering/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// command is the whole command line.
func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "threering",
		Short:         "A contact center in one binary",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	flags := root.PersistentFlags()
	flags.String("config", "", "settings file (YAML); without one the defaults hold")
	config.AddFlags(flags)
	root.AddCommand(serveCommand(), applyCommand(), exportCommand(), checkCommand(), settingsCommand(), phoneCommand())
	root.AddCommand(replayCommand(), explainCommand(), simCommand(), staffCommand())
	return root
}

// settings reads the settings that a command runs with.
func settings(cmd *cobra.Command) (s config.Settings, file string, err error) {
	if file, err = cmd.Flags().GetString("config"); err != nil {
		return s, "", err
	}
	s, err = config.Load(file, cmd.Flags())
	return s, file, err
}

func settingsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "settings",
		Short: "Print a settings file with every default and what it means",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(config.Example())
			return err
		},
	}
}
