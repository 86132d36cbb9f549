package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// NewTable begins a table of Markdown, whose columns Flush makes equally wide.
func NewTable(to io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(to, 0, 0, 1, ' ', 0) }

// Row writes a line of such a table.
func Row(to io.Writer, cells ...string) {
	for _, cell := range cells {
		fmt.Fprintf(to, "| %s\t", cell)
	}
	fmt.Fprintln(to, "|")
}
