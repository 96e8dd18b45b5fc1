package vuln

import (
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
)

// advisory decodes what an advisory says of all packages, and tells its feed
// and the places of what it says of single ones.
func (c *cursor) advisory() (a osv.Advisory, at placement) {
	a.ID = c.text()
	at.feed = c.number()
	at.first, at.packages = c.number(), c.count(mostStructures)
	a.Published, a.Modified, a.Withdrawn = c.time(), c.time(), c.time()
	mask := c.number()
	if mask&hasAliases != 0 {
		a.Aliases = c.texts()
	}
	if mask&hasUpstream != 0 {
		a.Upstream = c.texts()
	}
	if mask&hasRelated != 0 {
		a.Related = c.texts()
	}
	if mask&hasText != 0 {
		a.Summary, a.Details = c.text(), c.text()
	}
	if mask&hasSeverity != 0 {
		a.Severity = list(c, severity)
	}
	if mask&hasRating != 0 {
		a.Rating = c.text()
	}
	if mask&hasCWEs != 0 {
		a.CWEs = c.texts()
	}
	if mask&hasReferences != 0 {
		a.References = list(c, reference)
	}
	return a, at
}

// placement is where the rest of an advisory is.
type placement struct {
	feed     uint64 // number of its stamp
	first    uint64 // offset of what it says of the first package
	packages int
}

// The parts of an advisory that are left out when they are empty.
const (
	hasAliases = 1 << iota
	hasUpstream
	hasRelated
	hasText
	hasSeverity
	hasRating
	hasCWEs
	hasReferences
)

// time reads seconds since 1970, and one; zero is no time.
func (c *cursor) time() time.Time {
	n := c.number()
	if n == 0 || n > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(n)-1, 0).UTC()
}

func severity(c *cursor) osv.Severity { return osv.Severity{Type: c.text(), Score: c.text()} }

// reference joins the folder and the last part of an address: folders repeat,
// and last parts are often identifiers.
func reference(c *cursor) osv.Reference {
	r := osv.Reference{Type: c.text()}
	folder, name := c.view(), c.view()
	if r.URL = folder + name; c.db.borrowed && len(r.URL) == max(len(folder), len(name)) {
		r.URL = strings.Clone(r.URL) // joining with nothing makes no copy
	}
	return r
}

// The parts of an entry that are left out when they are empty.
const (
	hasRanges = 1 << iota
	hasVersions
	hasOwnSeverity // with a rating
	hasState
	hasImports
	hasModule
	hasArchitectures
	hasSystems
)

// affected decodes what an advisory says of one package.
func (c *cursor) affected() []osv.Affected {
	base, name := c.text(), c.text()
	return list(c, func(c *cursor) osv.Affected {
		a := osv.Affected{Ecosystem: base, Name: name}
		c.entryOf(&a)
		return a
	})
}

func (c *cursor) entryOf(a *osv.Affected) {
	a.Ecosystem = joined(a.Ecosystem, c.view())
	mask := c.number()
	if mask&hasRanges != 0 {
		a.Ranges = list(c, versionRange)
	}
	if mask&hasVersions != 0 {
		a.Versions = c.texts()
	}
	if mask&hasOwnSeverity != 0 {
		a.Severity, a.Rating = list(c, severity), c.text()
	}
	if mask&hasState != 0 {
		a.State = osv.FixState(c.text())
	}
	if mask&hasImports != 0 {
		a.Imports = list(c, importOf)
	}
	if mask&hasModule != 0 {
		a.Module = c.text()
	}
	if mask&hasArchitectures != 0 {
		a.Architectures = c.texts()
	}
	if mask&hasSystems != 0 {
		a.Systems = c.texts()
	}
}

func importOf(c *cursor) osv.Import {
	return osv.Import{Path: c.text(), Symbols: c.texts(), GOOS: c.texts(), GOARCH: c.texts()}
}

// rangeTypes are the known types by number; another is number 0 and its name.
func rangeTypes() [4]osv.RangeType { return [...]osv.RangeType{"", osv.Semver, osv.Ecosystem, osv.Git} }

func versionRange(c *cursor) osv.Range {
	var r osv.Range
	types := rangeTypes()
	if n := c.number(); n > 0 && n < uint64(len(types)) {
		r.Type = types[n]
	} else {
		r.Type = osv.RangeType(c.text())
	}
	r.Events = list(c, event)
	return r
}

func event(c *cursor) (e osv.Event) {
	kind := c.number()
	version := c.text()
	switch kind {
	case 0:
		e.Introduced = version
	case 1:
		e.Fixed = version
	case 2:
		e.LastAffected = version
	case 3:
		e.Limit = version
	default:
		c.bad = true
	}
	return e
}
