package dpkg

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/need"
)

// mostPackages is how many packages a database can hold.
const mostPackages = 200_000

// database is a file of stanzas that is being read.
type database struct {
	path     string
	kind     string // type of the package URLs
	separate bool   // one file a package, which is there because it is installed
	packages []artifact.Package
	needs    [][]string // of each package
	provided need.Table
	stanza   stanza
}

// stanza is what one package says of itself.
type stanza struct {
	name, version, architecture, status, source, essential, depends, preDepends, provides, stripped string
}

func (d *database) read(ctx context.Context, f *catalog.File) error {
	for line, err := range catalog.Lines(f) {
		switch {
		case err != nil:
			return err
		case len(line) == 0:
			d.end()
			if err := context.Cause(ctx); err != nil {
				return err
			}
		case line[0] != ' ' && line[0] != '\t':
			d.stanza.field(line)
		}
		if len(d.packages) >= mostPackages {
			return fmt.Errorf("it holds more than %d packages, the limit: the rest was not read", mostPackages)
		}
	}
	d.end()
	return nil
}

// field takes over a field that matters. Those that don't are told apart by
// their first letters, since there are many.
func (s *stanza) field(line []byte) {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return
	}
	if to := s.target(line[:colon]); to != nil {
		*to = string(bytes.TrimSpace(line[colon+1:]))
	}
}

func (s *stanza) target(key []byte) *string {
	switch string(key) { // does not allocate
	case "Package":
		return &s.name
	case "Version":
		return &s.version
	case "Architecture":
		return &s.architecture
	case "Status":
		return &s.status
	case "Source":
		return &s.source
	case "Essential":
		return &s.essential
	case "Depends":
		return &s.depends
	case "Pre-Depends":
		return &s.preDepends
	case "Provides":
		return &s.provides
	case "Foil-Stripped": // written by foil image harden
		return &s.stripped
	}
	return nil
}

// installed reports whether the files of a package are in place: the third word
// of the status says so, whatever is wished for by the first. A package whose
// triggers have not run is complete otherwise.
func (s *stanza) installed(separate bool) bool {
	words := strings.Fields(s.status)
	if len(words) == 0 {
		return separate
	}
	if len(words) != 3 {
		return false
	}
	switch words[2] {
	case "installed", "triggers-pending", "triggers-awaited":
		return true
	}
	return false
}

func (d *database) end() {
	s := d.stanza
	d.stanza = stanza{}
	if s.name == "" || s.version == "" || !s.installed(d.separate) {
		return
	}
	p := artifact.Package{
		Name: s.name, Version: s.version, Architecture: s.architecture, Essential: s.essential == "yes", Stripped: s.stripped == "yes",
		Locations: []string{d.path}, Layer: -1,
	}
	u := purl.URL{Type: d.kind, Name: s.name, Version: s.version}
	u.SetQualifier("arch", s.architecture)
	p.PURL = u.String()
	p.SourceName, p.SourceVersion = s.builtFrom()
	d.packages = append(d.packages, p)
	d.needs = append(d.needs, d.provided.Take(names(s.preDepends+","+s.depends)))
	d.provided.Provide(s.name, s.name)
	for _, capability := range names(s.provides) {
		d.provided.Provide(capability, s.name)
	}
}

// builtFrom reads "Source: glibc (2.36-9)". A part that is left out is as in the
// package itself.
func (s *stanza) builtFrom() (name, version string) {
	name, rest, found := strings.Cut(s.source, " ")
	version = s.version
	if inner := strings.Trim(strings.TrimSpace(rest), "()"); found && inner != "" {
		version = inner
	}
	if name == "" {
		name = s.name
	}
	return name, version
}

// settled are the packages with what they need. Where each package has a file
// of its own, the needed ones are not in sight and stay as they are written.
func (d *database) settled() []artifact.Package {
	for i := range d.packages {
		p := &d.packages[i]
		if d.separate {
			p.Requires = d.needs[i]
		} else {
			p.Requires = d.provided.Of(p.Name, d.needs[i])
		}
	}
	return d.packages
}

// names are the package names of a relation: "libc6 (>= 2.36), a | b, c:any".
func names(relation string) []string {
	var out []string
	for clause := range strings.SplitSeq(relation, ",") {
		for alternative := range strings.SplitSeq(clause, "|") {
			name := strings.TrimSpace(alternative)
			if end := strings.IndexAny(name, " (:[<"); end >= 0 {
				name = name[:end]
			}
			if name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}
