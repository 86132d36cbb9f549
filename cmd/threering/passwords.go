package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"threering/center"
	"threering/config"
)

// givePasswords lets people sign in and their devices register. With a common password all get that one; else each gets a
// random one, which is added to a file that only its owner can read. It says where the passwords are to be found.
func givePasswords(ctx context.Context, c *center.Center, s config.Settings, people []string, common string) (string, error) {
	given := map[string]string{}
	for _, id := range people {
		password := common
		if password == "" {
			password = center.NewPassword()
		}
		given[id] = password
		if err := c.SetPassword(ctx, id, password); err != nil {
			return "", err
		}
		if err := c.SetDeviceSecret(ctx, id, password, s.SIP.Realm); err != nil {
			return "", err
		}
	}
	if common != "" {
		return "as THREERING_DEMO_PASSWORD says", nil
	}
	return passwordFile(s), writePasswords(passwordFile(s), people, given)
}

func passwordFile(s config.Settings) string { return filepath.Join(s.DataDir, "passwords.txt") }

func writePasswords(path string, people []string, given map[string]string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("write passwords: %w", err)
	}
	for _, id := range people {
		if _, err := fmt.Fprintf(f, "%s %s\n", id, given[id]); err != nil {
			f.Close()
			return fmt.Errorf("write passwords: %w", err)
		}
	}
	return f.Close()
}
