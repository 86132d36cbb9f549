package trunk

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

var errSecret = errors.New("no password")

// secret reads a password from where the document says that it is. It is read anew each time, so that it can be changed.
func secret(reference string) (string, error) {
	kind, where, _ := strings.Cut(reference, ":")
	switch kind {
	case "env":
		if value := os.Getenv(where); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("%w: the variable %s is not set", errSecret, where)
	case "file":
		text, err := os.ReadFile(where)
		if err != nil {
			return "", fmt.Errorf("%w: %w", errSecret, err)
		}
		if value := strings.TrimRight(string(text), "\r\n"); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("%w: the file %s is empty", errSecret, where)
	}
	return "", errSecret
}

// isReference says whether a text names the place of a password, and is none itself.
func isReference(text string) bool {
	kind, where, _ := strings.Cut(text, ":")
	return where != "" && (kind == "env" && !strings.ContainsAny(where, "= ") || kind == "file" && strings.HasPrefix(where, "/"))
}
