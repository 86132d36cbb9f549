package sim

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"threering/config"
)

// row is a caller of a trace. What the file doesn't say is drawn.
type row struct {
	at       time.Duration // from the start of the scenario
	patience *time.Duration
	talk     *time.Duration
	wrapUp   *time.Duration
}

// traceColumns are what a trace may have in its first line, each in seconds.
func traceColumns() []string { return []string{"at", "patience", "talk", "wrap_up"} }

// trace reads the callers of a CSV file: a first line with the names of the columns, then a line for each caller, in the
// order in which they come. Times are in seconds; "at" counts from the start of the scenario.
func (c *checker) trace(path string, calls *Calls) {
	file := calls.Trace
	if !filepath.IsAbs(file) {
		file = filepath.Join(c.folder, file)
	}
	f, err := os.Open(file)
	if err != nil {
		c.wrong(path, quoted(calls.Trace), "a CSV file that can be read: "+err.Error())
		return
	}
	defer f.Close()
	rows, problem := readTrace(f)
	if problem != nil {
		problem.File = file
		c.problems = append(c.problems, *problem)
		return
	}
	calls.rows = rows
	if len(rows) > 0 && calls.Talk.Mean() == 0 && slices.ContainsFunc(rows, func(r row) bool { return r.talk == nil }) {
		c.wrong(strings.TrimSuffix(path, "trace")+"talk", "", "how long talks last, which the trace does not say: "+calls.Talk.Allowed())
	}
}

func readTrace(from io.Reader) ([]row, *config.Problem) {
	r := csv.NewReader(from)
	r.ReuseRecord = true
	head, err := r.Read()
	columns := slices.Clone(head)
	switch {
	case err != nil:
		return nil, &config.Problem{Line: 1, Fault: "unreadable: " + err.Error()}
	case !slices.Contains(columns, "at"):
		return nil, &config.Problem{Line: 1, Found: quoted(strings.Join(columns, ",")), Allowed: "the columns at, patience, talk, wrap_up; at is needed"}
	}
	for i, name := range columns {
		if !slices.Contains(traceColumns(), name) || slices.Contains(columns[:i], name) {
			return nil, &config.Problem{Line: 1, Key: name, Found: quoted(name), Allowed: "each once: " + config.OneOf(traceColumns()...)}
		}
	}
	var rows []row
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if parse := (&csv.ParseError{}); errors.As(err, &parse) {
			return nil, &config.Problem{Line: parse.Line, Fault: "unreadable: " + parse.Err.Error()}
		} else if err != nil {
			return nil, &config.Problem{Fault: "unreadable: " + err.Error()}
		}
		line, _ := r.FieldPos(0)
		next, problem := readRow(columns, record, line)
		if problem != nil {
			return nil, problem
		}
		if len(rows) > 0 && next.at < rows[len(rows)-1].at {
			return nil, &config.Problem{Line: line, Key: "at", Fault: "before the line above", Allowed: "callers in the order in which they come"}
		}
		rows = append(rows, next)
	}
}

func readRow(columns, record []string, line int) (next row, problem *config.Problem) {
	for i, text := range record {
		seconds, err := strconv.ParseFloat(text, 64)
		if text == "" && columns[i] != "at" {
			continue // drawn
		}
		if err != nil || !(seconds >= 0 && seconds <= longest.Seconds()) {
			return row{}, &config.Problem{Line: line, Key: columns[i], Found: fmt.Sprintf("%q", text), Allowed: "seconds from 0 on"}
		}
		d := time.Duration(seconds * float64(time.Second)).Truncate(time.Microsecond)
		switch columns[i] {
		case "at":
			next.at = d
		case "patience":
			next.patience = &d
		case "talk":
			next.talk = &d
		case "wrap_up":
			next.wrapUp = &d
		}
	}
	return next, nil
}
