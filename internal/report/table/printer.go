package table

import (
	"bufio"
	"strings"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/text"
)

// printer lays out lines. The destination keeps its first error, which Flush
// returns, so single writes need no check.
type printer struct {
	out      *bufio.Writer
	report   *report.Report
	index    *report.Index
	language lang.Language
	colour   bool
	verbose  bool
	width    int
}

// style is the parameters of an ANSI colour sequence.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	green  style = "32"
	red    style = "31"
	yellow style = "33"
	cyan   style = "36"
	alarm  style = "1;31"
)

var severityStyles = map[string]style{"critical": alarm, "high": red, "medium": yellow, "low": cyan, "info": faint}

func (p *printer) paint(s string, st style) string {
	if !p.colour || st == plain || s == "" {
		return s
	}
	return "\x1b[" + string(st) + "m" + s + "\x1b[0m"
}

func (p *printer) line(s string) { p.out.WriteString(strings.TrimRight(s, " ") + "\n") }

func (p *printer) heading(s string) {
	p.line("")
	p.paragraph("", s, bold)
}

// paragraph prints a clean text behind a prefix, and its further lines below
// the first. The prefix may hold colours when prefixed is used instead.
func (p *printer) paragraph(prefix, s string, st style) {
	p.prefixed(prefix, text.Width(prefix), s, st)
}

func (p *printer) prefixed(prefix string, columns int, s string, st style) {
	for i, line := range text.Wrap(s, p.width-columns) {
		if i > 0 {
			prefix = strings.Repeat(" ", columns)
		}
		p.line(prefix + p.paint(line, st))
	}
}

// labelled prints a text behind a label in a column of its own.
func (p *printer) labelled(indent int, label, s string, st style) {
	prefix := strings.Repeat(" ", indent) + p.paint(text.Pad(label, labelWidth), faint)
	p.prefixed(prefix, indent+labelWidth, s, st)
}

// labelWidth holds the labels of both languages and a space.
const labelWidth = 5

// command prints the arguments of a command. It breaks lines so that a copy of
// them still runs, and keeps a flag together with its value.
func (p *printer) command(indent int, label string, arguments []string, st style) {
	prefix := strings.Repeat(" ", indent) + p.paint(text.Pad(label, labelWidth), faint)
	room := p.width - indent - labelWidth - len(` \`)
	line := ""
	for _, unit := range commandUnits(arguments) {
		if line != "" && text.Width(line)+1+text.Width(unit) > room {
			p.line(prefix + p.paint(line, st) + ` \`)
			prefix, line = strings.Repeat(" ", indent+labelWidth+2), ""
		}
		if line != "" {
			line += " "
		}
		line += unit
	}
	p.line(prefix + p.paint(line, st))
}

func commandUnits(arguments []string) []string {
	var units []string
	for i, argument := range arguments {
		argument = text.Clean(argument)
		if i > 0 && strings.HasPrefix(arguments[i-1], "--") {
			units[len(units)-1] += " " + argument
			continue
		}
		units = append(units, argument)
	}
	return units
}
