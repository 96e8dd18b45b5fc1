package affected

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
	"github.com/foilsec/foil/internal/version"
)

// matches are the advisories that apply to one package.
type matches struct {
	subject    *subject
	now        time.Time
	list       []applied
	unreadable bool
}

// applied is an advisory that applies.
type applied struct {
	advisory *osv.Advisory
	entry    *osv.Affected
	record   Record
}

func (m *matches) all(asked named, advisories []osv.Advisory) {
	order, ok := version.ForEcosystem(m.subject.Ecosystem)
	if !ok || asked.version == "" { // as of a program's own module
		m.unreadable = len(advisories) > 0
		return
	}
	for i := range advisories {
		if advisories[i].InForce(m.now) {
			m.one(asked, &advisories[i], order)
		}
	}
}

// one adds an advisory if any of its entries applies.
func (m *matches) one(asked named, a *osv.Advisory, order version.Order) {
	for i := range a.Affected {
		entry := &a.Affected[i]
		if !entry.Covers(m.subject.Ecosystem, asked.name) || !m.sameBuild(entry) {
			continue
		}
		v := entry.Evaluate(order, asked.version)
		switch v.Verdict {
		case osv.CannotCompare:
			m.unreadable = true
		case osv.IsAffected:
			m.list = append(m.list, applied{a, entry, record(a, entry, asked, v)})
			return
		}
	}
}

// sameBuild compares what the ecosystem tells apart besides the version.
func (m *matches) sameBuild(entry *osv.Affected) bool {
	if entry.Module != "" && !sameModule(entry.Module, m.subject.Module) {
		return false
	}
	if len(entry.Systems) > 0 && !slices.Contains(entry.Systems, m.subject.artifact.System()) {
		return false
	}
	return len(entry.Architectures) == 0 || m.subject.Architecture == "" || slices.Contains(entry.Architectures, m.subject.Architecture)
}

// sameModule compares modularity labels by name and stream: "nodejs:18".
func sameModule(want, have string) bool {
	name, rest, _ := strings.Cut(have, ":")
	stream, _, _ := strings.Cut(rest, ":")
	wantName, wantRest, _ := strings.Cut(want, ":")
	wantStream, _, _ := strings.Cut(wantRest, ":")
	return name == wantName && stream == wantStream
}

func record(a *osv.Advisory, entry *osv.Affected, asked named, v osv.Evaluation) Record {
	r := Record{
		ID: a.ID, Name: asked.name, Range: v.Range, FixedIn: v.Fixed, State: osv.Unknown,
		Rating: cmp.Or(entry.Rating, a.Rating), Severity: a.Severity,
	}
	if len(entry.Severity) > 0 {
		r.Severity = entry.Severity
	}
	switch {
	case v.Fixed != "":
		r.State = osv.Fixed
	case entry.State != "":
		r.State = entry.State
	case v.Open:
		r.State = osv.NotFixed
	}
	return r
}
