// Package markdown writes a report as a comment on a pull request, in the
// Markdown of GitHub that GitLab, Gitea and others read as well.
//
// A comment may hold 65,536 characters. The changes that fit are there, first
// things first, and the last line says how many are not. Names and values that
// come from manifests are escaped: they make no markup, no links, and call
// nobody.
package markdown

import (
	"bufio"
	"io"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
)

var _ report.Writer = Write

const (
	// limit is the length of a comment that GitHub takes, in UTF-16 units.
	limit = 65_536
	// reserve is kept for the last lines.
	reserve = 2_000
	// fullChanges is how many changes are shown with everything about them;
	// those after them are a table.
	fullChanges = 10
	// shownGaps is how many gaps, and rules without a verdict, are shown.
	shownGaps = 10
)

// Write writes the comment.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	p := &page{
		out: bufio.NewWriter(w), left: limit - reserve,
		report: r, index: report.NewIndex(r), language: options.Language,
	}
	p.block(p.head())
	p.block(p.coverage())
	p.changes()
	for i := range r.Frameworks {
		p.block(p.framework(&r.Frameworks[i]))
	}
	p.foot()
	return p.out.Flush()
}

// page counts what may still be written.
type page struct {
	out      *bufio.Writer
	left     int
	report   *report.Report
	index    *report.Index
	language lang.Language
}

// block writes a block if it fits, and says whether it did.
func (p *page) block(s string) bool {
	if s == "" {
		return true
	}
	s += "\n"
	if n := units(s); n <= p.left {
		p.left -= n
		p.out.WriteString(s)
		return true
	}
	return false
}

// units is the length of a string in UTF-16.
func units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// head is the one line that everybody reads, and the counts.
func (p *page) head() string {
	s := p.report.Summary
	var b strings.Builder
	b.WriteString("## " + escape(p.report.Tool.Name) + ": ")
	switch {
	case s.Open > 0:
		b.WriteString(phrase.RemovedBy.In(p.language,
			phrase.OpenFindings.Count(p.language, s.Open), phrase.Changes.Count(p.language, s.Changes)))
	case p.report.Coverage.Complete:
		b.WriteString(phrase.NothingOpen.In(p.language))
	default:
		b.WriteString(phrase.NothingSeenOpen.In(p.language))
	}
	b.WriteString("\n\n")
	b.WriteString(phrase.Target(p.language, p.report.Target.Kind) + " " + code(p.report.Target.Name) + phrase.Colon.In(p.language) +
		phrase.Read.In(p.language, phrase.Objects.Count(p.language, s.Objects), phrase.Workloads.Count(p.language, s.Workloads)) + "\n\n")
	if s.Open > 0 {
		b.WriteString(p.severities())
	}
	b.WriteString(phrase.Suppressed.In(p.language) + phrase.Colon.In(p.language) + phrase.SuppressedBy.In(p.language, s.Excepted, s.Known) + "\n")
	return b.String()
}

func (p *page) severities() string {
	var names, counts []string
	for _, severity := range finding.Severities() {
		names = append(names, phrase.Severity(p.language, severity.String()))
		counts = append(counts, number(p.report.Summary.BySeverity[severity.String()]))
	}
	return row(names) + row(repeat("---:", len(names))) + row(counts) + "\n"
}

// coverage warns of what was not seen, in front of all results.
func (p *page) coverage() string {
	c := &p.report.Coverage
	if c.Complete && len(c.Gaps)+len(c.NotEvaluated) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("> [!WARNING]\n")
	if !c.Complete {
		b.WriteString("> **" + phrase.CoverageIncomplete.In(p.language) + "**\n>\n")
	}
	lines := append(phrase.Gaps(p.language, c), phrase.WithoutVerdicts(p.language, c)...)
	for _, line := range lines[:min(len(lines), shownGaps)] {
		b.WriteString("> - " + escape(line) + "\n")
	}
	if n := len(lines) - shownGaps; n > 0 {
		b.WriteString("> - " + phrase.MoreGaps.Count(p.language, n) + "\n")
	}
	return b.String()
}

// foot is what must be said last: how to see what is not here.
func (p *page) foot() {
	if scan := report.ScanCommand(p.report.Target); scan != nil && len(p.report.Findings) > 0 {
		p.out.WriteString(phrase.NextPage.In(p.language) + phrase.Colon.In(p.language) +
			code(strings.Join(scan, " ")+" -o html=report.html") + "\n")
	}
}
