package vuln

import (
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
)

// mostReferences are kept of an advisory, the most telling ones.
const mostReferences = 4

// advisory writes what cursor.advisory reads behind the placement.
func (t *tokens) advisory(a *osv.Advisory) {
	t.time(a.Published)
	t.time(a.Modified)
	t.time(a.Withdrawn)
	summary, details := shortText(a.Summary, a.Details)
	t.number(maskOf(len(a.Aliases) > 0, len(a.Upstream) > 0, len(a.Related) > 0, summary+details != "",
		len(a.Severity) > 0, a.Rating != "", len(a.CWEs) > 0, len(a.References) > 0))
	for _, names := range [][]string{a.Aliases, a.Upstream, a.Related} {
		if len(names) > 0 {
			t.texts(names)
		}
	}
	if summary+details != "" {
		t.text(summary)
		t.text(details)
	}
	if len(a.Severity) > 0 {
		t.severity(a.Severity)
	}
	if a.Rating != "" {
		t.text(a.Rating)
	}
	if len(a.CWEs) > 0 {
		t.texts(a.CWEs)
	}
	if len(a.References) > 0 {
		t.references(a.References[:min(len(a.References), mostReferences)])
	}
}

// maskOf has a bit for each part that is there.
func maskOf(parts ...bool) (mask uint64) {
	for i, there := range parts {
		if there {
			mask |= 1 << i
		}
	}
	return mask
}

// time writes a time. One before 1970 becomes its beginning: that an advisory
// was withdrawn must not be lost.
func (t *tokens) time(when time.Time) {
	if when.IsZero() {
		t.number(0)
		return
	}
	t.number(uint64(max(when.Unix(), 0)) + 1)
}

func (t *tokens) severity(list []osv.Severity) {
	t.number(uint64(len(list)))
	for _, s := range list {
		t.text(s.Type)
		t.text(s.Score)
	}
}

func (t *tokens) references(list []osv.Reference) {
	t.number(uint64(len(list)))
	for _, r := range list {
		folder := strings.LastIndexByte(r.URL, '/') + 1
		t.text(r.Type)
		t.text(r.URL[:folder])
		t.text(r.URL[folder:])
	}
}

// affected writes what an advisory says of one package.
func (t *tokens) affected(base, name string, entries []osv.Affected) {
	t.text(base)
	t.text(name)
	t.number(uint64(len(entries)))
	for i := range entries {
		t.entry(&entries[i])
	}
}

func (t *tokens) entry(a *osv.Affected) {
	_, release, _ := strings.Cut(a.Ecosystem, ":")
	t.text(release)
	rated := len(a.Severity) > 0 || a.Rating != ""
	t.number(maskOf(len(a.Ranges) > 0, len(a.Versions) > 0, rated, a.State != "",
		len(a.Imports) > 0, a.Module != "", len(a.Architectures) > 0, len(a.Systems) > 0))
	if len(a.Ranges) > 0 {
		t.ranges(a.Ranges)
	}
	if len(a.Versions) > 0 {
		t.texts(a.Versions)
	}
	if rated {
		t.severity(a.Severity)
		t.text(a.Rating)
	}
	if a.State != "" {
		t.text(string(a.State))
	}
	if len(a.Imports) > 0 {
		t.imports(a.Imports)
	}
	if a.Module != "" {
		t.text(a.Module)
	}
	for _, words := range [][]string{a.Architectures, a.Systems} {
		if len(words) > 0 {
			t.texts(words)
		}
	}
}

func (t *tokens) imports(list []osv.Import) {
	t.number(uint64(len(list)))
	for _, i := range list {
		t.text(i.Path)
		t.texts(i.Symbols)
		t.texts(i.GOOS)
		t.texts(i.GOARCH)
	}
}

func (t *tokens) ranges(list []osv.Range) {
	t.number(uint64(len(list)))
	for _, r := range list {
		known := rangeTypes()
		kind := slices.Index(known[1:], r.Type) + 1
		t.number(uint64(kind))
		if kind == 0 {
			t.text(string(r.Type))
		}
		if r.Type == osv.Git { // commits say nothing of versions; that there are some is kept
			t.number(0)
			continue
		}
		t.events(r.Events)
	}
}

func (t *tokens) events(list []osv.Event) {
	t.number(uint64(len(list)))
	for _, e := range list {
		for kind, version := range []string{e.Introduced, e.Fixed, e.LastAffected, e.Limit} {
			if version != "" {
				t.number(uint64(kind))
				t.text(version)
				break
			}
		}
	}
}

// The longest texts that are kept, in bytes.
const (
	longestSummary = 300
	longestDetails = 200
)

// shortText keeps the summary of an advisory, or the beginning of its details
// when it has none: a finding needs a line that says what the flaw is.
func shortText(summary, details string) (string, string) {
	if summary = cutText(summary, longestSummary); summary != "" {
		return summary, ""
	}
	details = strings.TrimLeft(details, "# ")
	if end := strings.Index(details, "\n\n"); end > 0 {
		details = details[:end]
	}
	return "", cutText(details, longestDetails)
}

// cutText makes a text one line, and cuts it between words when it is too long.
func cutText(text string, longest int) string {
	if len(text) > 4*longest {
		text = text[:4*longest]
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) <= longest {
		return text
	}
	end := strings.LastIndexByte(text[:longest-3], ' ')
	if end < longest/2 {
		end = len(strings.ToValidUTF8(text[:longest-3], ""))
	}
	return text[:end] + "..."
}
