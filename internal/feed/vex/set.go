package vex

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/purl"
)

// Set answers which statement holds. It is safe for concurrent use once made.
type Set struct {
	statements []Statement
	byFlaw     map[string][]int // by identifiers in upper case
}

// NewSet makes a set of statements. Those given later win over earlier ones of
// the same time.
func NewSet(statements []Statement) *Set {
	s := &Set{statements: slices.Clone(statements), byFlaw: map[string][]int{}}
	for i := range s.statements {
		st := &s.statements[i]
		st.Products = cloneProducts(st.Products)
		for j := range st.Products {
			st.Products[j].prepare()
		}
		for _, id := range append([]string{st.Vulnerability}, st.Aliases...) {
			if key := strings.ToUpper(id); id != "" && !slices.Contains(s.byFlaw[key], i) {
				s.byFlaw[key] = append(s.byFlaw[key], i)
			}
		}
	}
	return s
}

func cloneProducts(list []Product) []Product {
	out := slices.Clone(list)
	for i := range out {
		out[i].Subcomponents = slices.Clone(out[i].Subcomponents)
	}
	return out
}

// Len is the number of statements.
func (s *Set) Len() int { return len(s.statements) }

// Ref is what is known of the artifact that holds a package.
type Ref struct {
	Reference string // "nginx:1.29"
	Digests   []string
	OS        artifact.OS
}

// RefOf is the Ref of an artifact.
func RefOf(a *artifact.Artifact) Ref {
	r := Ref{Reference: a.Reference, OS: a.OS}
	for _, digest := range []string{a.Digest, a.ConfigID, artifact.Digest(a.Reference)} {
		if digest != "" {
			r.Digests = append(r.Digests, digest)
		}
	}
	return r
}

// Find is the newest statement about any of the identifiers of one flaw, in a
// package of an artifact.
func (s *Set) Find(ids []string, ref Ref, packageURL string) (Statement, bool) {
	best := -1
	var u *purl.URL
	for _, id := range ids {
		for _, i := range s.byFlaw[strings.ToUpper(id)] {
			if u == nil {
				u = parsed(packageURL)
			}
			if st := &s.statements[i]; (best < 0 || s.newer(i, best)) && st.covers(&ref, u) {
				best = i
			}
		}
	}
	if best < 0 {
		return Statement{}, false
	}
	return s.statements[best], true
}

func parsed(text string) *purl.URL {
	u, err := purl.Parse(text)
	if err != nil {
		return &purl.URL{}
	}
	return &u
}

func (s *Set) newer(i, j int) bool {
	a, b := s.statements[i].Timestamp, s.statements[j].Timestamp
	return a.After(b) || a.Equal(b) && i > j
}

// For is what a finding says of the statement that holds; nil when there is
// none.
func (s *Set) For(a *artifact.Artifact, p *artifact.Package, ids []string) *finding.VEX {
	if s == nil || len(s.statements) == 0 {
		return nil
	}
	st, ok := s.Find(ids, RefOf(a), p.PURL)
	if !ok {
		return nil
	}
	return &finding.VEX{Status: string(st.Status), Justification: st.why(), Author: st.Author, Source: st.Source}
}

// why is the justification, or the words that stand in its place.
func (st *Statement) why() string {
	switch {
	case st.Justification != "":
		return st.Justification
	case st.Status == NotAffected:
		return st.Impact
	}
	return st.Action
}
