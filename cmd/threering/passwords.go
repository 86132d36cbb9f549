package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"threering/center"
	"threering/config"
)

// givePasswords lets people sign in and their devices register. With a common password all get that one; else each gets a
// random one, which is kept in a file that only its owner can read. The file is written first: a password that nobody
// knows is worse than a line too many. It says where the passwords are to be found.
func givePasswords(ctx context.Context, c *center.Center, s config.Settings, people []string, common string) (string, error) {
	given := map[string]string{}
	for _, id := range people {
		if given[id] = common; common == "" {
			given[id] = center.NewPassword()
		}
	}
	where := "as THREERING_DEMO_PASSWORD says"
	told := map[string]string{} // in the file: none of those who have the common one
	if common == "" {
		where, told = passwordFile(s), given
	}
	if err := keepPasswords(passwordFile(s), people, told); err != nil {
		return "", err
	}
	for _, id := range people {
		if err := c.SetPassword(ctx, id, given[id]); err != nil {
			return "", err
		}
	}
	return where, c.SetDeviceSecrets(ctx, given, s.SIP.Realm)
}

func passwordFile(s config.Settings) string { return filepath.Join(s.DataDir, "passwords.txt") }

// keepPasswords puts new lines in the place of those people's old ones, as a whole or not at all.
func keepPasswords(path string, people []string, given map[string]string) error {
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && len(given) == 0 {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep passwords: %w", err)
	}
	var text strings.Builder
	for line := range strings.Lines(string(old)) {
		if id, _, _ := strings.Cut(line, " "); !slices.Contains(people, id) {
			text.WriteString(line)
		}
	}
	for _, id := range people {
		if password := given[id]; password != "" {
			fmt.Fprintf(&text, "%s %s\n", id, password)
		}
	}
	next := path + ".new"
	if err := os.WriteFile(next, []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("keep passwords: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("keep passwords: %w", err)
	}
	return nil
}
