package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// table is aligned columns; rows appear together when it is flushed.
type table struct{ out *tabwriter.Writer }

func newTable(w io.Writer, header ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.row(header...)
	return t
}

// row adds a line; a failing writer shows in flush.
func (t table) row(cells ...string) { _, _ = fmt.Fprintln(t.out, strings.Join(cells, "\t")) }

func (t table) flush() error { return t.out.Flush() }

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func times(ratio float64) string { return fmt.Sprintf("x%.2f", ratio) }
