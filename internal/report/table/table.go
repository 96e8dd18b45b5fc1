// Package table writes a report for a person at a terminal: the ranked queue
// of changes first, each with its reasons, place and fix, then compliance,
// counts, what was not seen, and what to do next.
//
// It reads the report only and prints it in its order. Everything that comes
// from manifests or a cluster is made harmless before it is printed.
package table

import (
	"bufio"
	"io"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

var _ report.Writer = Write

const (
	defaultWidth = 80
	leastWidth   = 40
	// longestLine keeps sentences readable on a very wide terminal.
	longestLine = 120
)

// Write writes the report for a terminal of the width in the options.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	p := newPrinter(w, r, options)
	p.head()
	p.queue()
	if options.Verbose {
		p.unqueued()
	}
	for i := range r.Frameworks {
		p.framework(&r.Frameworks[i])
	}
	p.summary()
	p.coverage()
	p.next()
	return p.out.Flush()
}

func newPrinter(w io.Writer, r *report.Report, options report.Options) *printer {
	width := options.Width
	if width <= 0 {
		width = defaultWidth
	}
	return &printer{
		out: bufio.NewWriter(w), report: r, index: report.NewIndex(r),
		language: options.Language, colour: options.Colour, verbose: options.Verbose,
		width: min(max(width, leastWidth), longestLine),
	}
}

// head says what was scanned, and with what.
func (p *printer) head() {
	r := p.report
	p.paragraph("", text.Clean(r.Tool.Name+" "+r.Tool.Version)+phrase.Comma.In(p.language)+
		phrase.Target(p.language, r.Target.Kind)+" "+text.Clean(r.Target.Name), bold)
	p.paragraph("", phrase.Size(p.language, &r.Summary), plain)
}
