package sim

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// column is a figure with its heading for people and its name in a CSV file.
type column struct {
	head string
	name string
	text func(f Figures) string // for people
	cell func(f Figures) string // for machines: shares from 0 to 1, times in milliseconds; empty where there is none
}

// columns are the figures in the order in which they are shown.
func columns() []column {
	return []column{
		whole("offered", "offered", func(f Figures) int { return f.Offered }),
		whole("abandoned", "abandoned", func(f Figures) int { return f.Abandoned }),
		part("in time %", "service_level", func(f Figures) *float64 { return f.ServiceLevel }),
		part("late %", "late", func(f Figures) *float64 { return &f.Late }),
		wait("ASA", "asa_ms", func(f Figures) int64 { return orZero(f.ASAMs) }),
		wait("p50", "p50_ms", func(f Figures) int64 { return f.P50Ms }),
		wait("p90", "p90_ms", func(f Figures) int64 { return f.P90Ms }),
		wait("p99", "p99_ms", func(f Figures) int64 { return f.P99Ms }),
		wait("longest", "longest_ms", func(f Figures) int64 { return f.LongestMs }),
		part("occupancy %", "occupancy", func(f Figures) *float64 { return f.Occupancy }),
		rate("phones", "alerted", func(f Figures) float64 { return f.Alerted }),
		rate("missed", "missed", func(f Figures) float64 { return f.Missed }),
		rate("for nothing", "for_nothing", func(f Figures) float64 { return f.ForNothing }),
		whole("in vain", "in_vain", func(f Figures) int { return f.InVain }),
		whole("overtakes", "overtakes", func(f Figures) int { return f.Overtakes }),
		whole("given up", "given_up", func(f Figures) int { return f.GivenUp }),
		part("told right %", "told_right", func(f Figures) *float64 { return f.ToldRight }),
	}
}

func whole(head, name string, of func(Figures) int) column {
	text := func(f Figures) string { return strconv.Itoa(of(f)) }
	return column{head, name, text, text}
}

// part is a share, shown in percent.
func part(head, name string, of func(Figures) *float64) column {
	as := func(scale float64, digits int) func(Figures) string {
		return func(f Figures) string {
			if x := of(f); x != nil {
				return strconv.FormatFloat(*x*scale, 'f', digits, 64)
			}
			return ""
		}
	}
	return column{head, name, as(100, 2), as(1, 6)}
}

// wait is a length of time, shown in seconds.
func wait(head, name string, of func(Figures) int64) column {
	return column{
		head, name,
		func(f Figures) string { return fmt.Sprintf("%.1f s", float64(of(f))/1000) },
		func(f Figures) string { return strconv.FormatInt(of(f), 10) },
	}
}

// rate is a number for each call.
func rate(head, name string, of func(Figures) float64) column {
	return column{
		head, name,
		func(f Figures) string { return fmt.Sprintf("%.2f", of(f)) },
		func(f Figures) string { return strconv.FormatFloat(of(f), 'f', 6, 64) },
	}
}

func orZero(ms *int64) int64 {
	if ms == nil {
		return 0
	}
	return *ms
}

// each gives all figures of the results, with the setting, the queue and the half hour that they are of, where they are of
// one.
func each(results []Result, give func(setting, queue, half string, f Figures)) {
	for _, r := range results {
		give(r.Setting, "", "", r.Total)
	}
	for _, r := range results {
		for _, q := range r.Queues {
			give(r.Setting, q.Name, "", q.Figures)
		}
	}
	for _, r := range results {
		for _, h := range r.HalfHours {
			give(r.Setting, "", h.Name, h.Figures)
		}
	}
}

// WriteTable writes the results for people: each setting as a whole, then by queue where there are several, then by half
// hour if asked, and the fingerprint of each setting's orders.
func WriteTable(to io.Writer, results []Result, halfHours bool) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	row := func(first string, cell func(column) string) {
		fmt.Fprint(w, first)
		for _, c := range columns() {
			fmt.Fprint(w, "\t", cell(c))
		}
		fmt.Fprintln(w)
	}
	row("", func(c column) string { return c.head })
	each(results, func(setting, queue, half string, f Figures) {
		switch {
		case half != "" && !halfHours, queue != "" && len(results[0].Queues) < 2:
			return
		case half != "":
			setting += ", " + half
		case queue != "":
			setting += ", " + queue
		}
		row(setting, func(c column) string { return c.text(f) })
	})
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	fmt.Fprintln(to)
	for _, r := range results {
		fmt.Fprintf(to, "orders %s  %s\n", r.Hash, r.Setting)
	}
	return nil
}

// WriteCSV writes the results as lines of setting, queue, half hour and figures; a line of a whole setting has neither
// queue nor half hour.
func WriteCSV(to io.Writer, results []Result) error {
	w := csv.NewWriter(to)
	head := []string{"setting", "queue", "half_hour"}
	for _, c := range columns() {
		head = append(head, c.name)
	}
	lines := [][]string{head}
	each(results, func(setting, queue, half string, f Figures) {
		line := []string{setting, queue, half}
		for _, c := range columns() {
			line = append(line, c.cell(f))
		}
		lines = append(lines, line)
	})
	if err := w.WriteAll(lines); err != nil {
		return fmt.Errorf("write the figures as CSV: %w", err)
	}
	return nil
}

// Report is what a file of results has.
type Report struct {
	Seed     uint64        `json:"seed"`
	Duration time.Duration `json:"duration_ns"`
	Settings []Result      `json:"settings"`
}

// WriteJSON writes the results with what they are of.
func (s *Scenario) WriteJSON(to io.Writer, results []Result) error {
	e := json.NewEncoder(to)
	e.SetIndent("", "  ")
	if err := e.Encode(Report{Seed: s.Seed, Duration: s.Duration, Settings: results}); err != nil {
		return fmt.Errorf("write the figures as JSON: %w", err)
	}
	return nil
}
