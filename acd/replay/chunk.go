package replay

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// pack is the kept form of lines: JSON, one a line, deflated, in base64 since text goes into any database.
func pack(lines []line) (string, error) {
	var body strings.Builder
	letters := base64.NewEncoder(base64.StdEncoding, &body)
	small, err := flate.NewWriter(letters, flate.BestSpeed)
	if err != nil {
		return "", err
	}
	out := json.NewEncoder(small)
	for _, l := range lines {
		if err := out.Encode(l); err != nil {
			return "", err
		}
	}
	if err := errors.Join(small.Close(), letters.Close()); err != nil {
		return "", err
	}
	return body.String(), nil
}

// unpack hands the steps of a packed body to each, in order, until each returns an error.
func unpack(body string, kinds map[string]reflect.Type, each func(Step) error) error {
	small, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return fmt.Errorf("steps are damaged: %w", err)
	}
	in := json.NewDecoder(flate.NewReader(bytes.NewReader(small)))
	for {
		var l line
		err := in.Decode(&l)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("steps are damaged: %w", err)
		}
		step, err := l.decode(kinds)
		if err != nil {
			return err
		}
		if err := each(step); err != nil {
			return err
		}
	}
}
