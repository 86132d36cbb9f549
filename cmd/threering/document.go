package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"threering/center"
	"threering/config"
	"threering/store"
)

// database is the file in the data folder that everything but audio is kept in.
func database(s config.Settings) string { return filepath.Join(s.DataDir, "threering.db") }

// withDatabase runs do with the database open, beside a server or without one; create makes one where there is none.
func withDatabase(cmd *cobra.Command, create bool, do func(ctx context.Context, s config.Settings, db *store.DB) error) error {
	s, _, err := settings(cmd)
	if err != nil {
		return err
	}
	if _, err := os.Stat(database(s)); err != nil && !create {
		return fmt.Errorf("no center in %s: %w", s.DataDir, err)
	}
	ctx := cmd.Context()
	db, err := store.Open(ctx, database(s))
	if err != nil {
		return err
	}
	defer db.Close()
	return do(ctx, s, db)
}

// withCenter runs do with the center, as withDatabase does.
func withCenter(cmd *cobra.Command, create bool, do func(ctx context.Context, s config.Settings, c *center.Center) error) error {
	return withDatabase(cmd, create, func(ctx context.Context, s config.Settings, db *store.DB) error {
		c, err := center.Open(ctx, center.Config{DB: db})
		if err != nil {
			return err
		}
		return do(ctx, s, c)
	})
}

func applyCommand() *cobra.Command {
	var file string
	var dry bool
	cmd := &cobra.Command{
		Use:   "apply -f FILE",
		Short: "Make the center what the document says, all or nothing; a running server follows",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			doc, err := readDocument(cmd, file)
			if err != nil {
				return err
			}
			return withCenter(cmd, !dry, func(ctx context.Context, s config.Settings, c *center.Center) error {
				return apply(ctx, cmd.OutOrStdout(), s, c, doc, dry)
			})
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "the document (YAML); - for standard input")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would change")
	cobra.CheckErr(cmd.MarkFlagRequired("file"))
	return cmd
}

func apply(ctx context.Context, out io.Writer, s config.Settings, c *center.Center, doc center.Document, dry bool) error {
	change := c.Apply
	if dry {
		change = c.Preview
	}
	changes, err := change(ctx, doc)
	if err != nil {
		return err
	}
	for _, line := range changes.Lines {
		fmt.Fprintln(out, line)
	}
	if len(changes.Lines) == 0 {
		fmt.Fprintln(out, "nothing to change")
	}
	if dry || len(changes.NewPeople) == 0 {
		return nil
	}
	where, err := givePasswords(ctx, c, s, changes.NewPeople, "")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "passwords of the new people:", where)
	return nil
}

func exportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Print the center's document",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withCenter(cmd, false, func(ctx context.Context, _ config.Settings, c *center.Center) error {
				text, err := c.Export(ctx)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(text)
				return err
			})
		},
	}
}

func checkCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "check [-f FILE]",
		Short: "Say what is wrong with the settings, and with a center's document; change nothing",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, _, err := settings(cmd)
			if err != nil {
				return err
			}
			var doc center.Document
			if file != "" {
				if doc, err = readDocument(cmd, file); err != nil {
					return err
				}
			}
			if err := checkFiles(s, doc); err != nil {
				return err
			}
			if lost := lostSecrets(cmd.Context(), s); len(lost) > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "warning: sip.realm: found %q; the device secrets of %s were made for another realm, and these phones cannot register\n",
					s.SIP.Realm, strings.Join(lost, ", "))
			}
			fmt.Fprintln(cmd.OutOrStdout(), "all is well")
			return nil
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "a center's document (YAML); - for standard input")
	return cmd
}

// lostSecrets is the ids of those whose phones the settings' realm locks out, where there is a center already.
func lostSecrets(ctx context.Context, s config.Settings) []string {
	if _, err := os.Stat(database(s)); err != nil {
		return nil
	}
	db, err := store.Open(ctx, database(s))
	if err != nil {
		return nil
	}
	defer db.Close()
	c, err := center.Open(ctx, center.Config{DB: db})
	if err != nil {
		return nil
	}
	lost, _ := c.LostSecrets(ctx, s.SIP.Realm)
	return lost
}

func readDocument(cmd *cobra.Command, file string) (center.Document, error) {
	var data []byte
	var err error
	if file == "-" {
		data, err = io.ReadAll(cmd.InOrStdin())
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return center.Document{}, fmt.Errorf("read the center's document: %w", err)
	}
	return center.Check(file, data)
}
