// Package html writes a report as one page in one file: to open, search, print
// and send, without a server and without loading anything.
//
// The page carries its own style and script and a content security policy that
// lets nothing else run or load; everything that comes from manifests goes
// through html/template. Without scripts the page is complete, only the filter
// is missing.
package html

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page and its style and script
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

var _ report.Writer = Write

//go:embed page.html
var pageText string

//go:embed style.css
var style string

//go:embed script.js
var script string

const (
	// openChanges is how many changes of the queue are unfolded at first.
	openChanges = 3
	// openGaps is how many lines on what was not seen are unfolded at first.
	openGaps = 12
)

// Write writes the page, part by part.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	templates, err := template.New("page").Parse(pageText)
	if err != nil {
		return fmt.Errorf("page template: %w", err)
	}
	p := &page{
		out: bufio.NewWriterSize(w, 64<<10), templates: templates, report: r,
		index: report.NewIndex(r), language: options.Language, label: labels(options.Language), anchors: anchors(r),
	}
	p.prolog()
	p.part("head", p.head())
	p.queue()
	p.unqueued()
	for i := range r.Frameworks {
		p.part("framework", p.framework(&r.Frameworks[i]))
	}
	p.exceptions()
	p.rules()
	p.part("foot", p.foot())
	p.raw("<script>" + script + "</script>\n</body>\n</html>\n")
	if p.err != nil {
		return fmt.Errorf("write html: %w", p.err)
	}
	return p.out.Flush()
}

// page writes the parts. After the first error it writes nothing more.
type page struct {
	out       *bufio.Writer
	templates *template.Template
	report    *report.Report
	index     *report.Index
	language  lang.Language
	label     labelSet
	anchors   map[string]string // of rules, by id
	err       error
}

func (p *page) part(name string, data any) {
	if p.err == nil {
		p.err = p.templates.ExecuteTemplate(p.out, name, data)
	}
}

// raw writes our own markup. Nothing of the report goes this way.
func (p *page) raw(s string) {
	if p.err == nil {
		_, p.err = p.out.WriteString(s)
	}
}

// prolog is the head of the document. The policy names the hashes of the only
// style and the only script that may be used.
func (p *page) prolog() {
	language := "en"
	if p.language == lang.Chinese {
		language = "zh-CN"
	}
	policy := "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) + "; base-uri 'none'; form-action 'none'"
	p.raw("<!DOCTYPE html>\n<html lang=\"" + language + "\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta name=\"referrer\" content=\"no-referrer\">\n")
	p.raw("<title>" + template.HTMLEscapeString(text.Clean(p.report.Tool.Name+phrase.Colon.In(p.language)+p.report.Target.Name)) + "</title>\n" +
		"<style>" + style + "</style>\n</head>\n<body>\n")
}

// source is what a content security policy calls an inline text.
func source(inline string) string {
	hash := sha256.Sum256([]byte(inline))
	return "'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
}

func (p *page) queue() {
	for i := range p.report.Changes {
		p.part("change", p.change(i, &p.report.Changes[i]))
	}
	p.raw("</ol>\n</section>\n")
}

func (p *page) unqueued() {
	rest := p.report.Unqueued()
	if len(rest) == 0 {
		return
	}
	p.part("unqueued", struct{ Heading string }{phrase.OtherFindings.In(p.language)})
	for _, f := range rest {
		p.part("other", p.finding(f, true))
	}
	p.raw("</ul>\n</section>\n")
}

func (p *page) rules() {
	if len(p.report.Rules) == 0 {
		return
	}
	p.part("rules", struct{ Label labelSet }{p.label})
	for i := range p.report.Rules {
		p.part("rule", p.rule(&p.report.Rules[i]))
	}
	p.raw("</section>\n")
}
