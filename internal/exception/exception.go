package exception

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// Exception is one decision, as read: which findings it is about, and what it
// says about itself.
type Exception struct {
	finding.Exception
	Controls []string // ids or aliases; "*" is every control
	Objects  []Object // any of them; empty is every object
	Position graph.Position
	// Defect says why the exception is void: an owner, reason or date is
	// missing or malformed.
	Defect string
}

// Object selects objects. Empty fields select everything; the others are
// patterns in which * stands for any run of characters.
type Object struct {
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	File      string `json:"file,omitempty"`
}

// Set is all exceptions of one scan, from all sources.
type Set struct {
	exceptions []Exception
	matches    []int
	aliases    map[string][]string // rule id → its aliases
	now        time.Time
}

// NewSet prepares exceptions for the rules that are known. Dates are compared
// with now.
func NewSet(exceptions []Exception, rules []finding.Rule, now time.Time) *Set {
	s := &Set{exceptions: exceptions, matches: make([]int, len(exceptions)), aliases: map[string][]string{}, now: now}
	for _, r := range rules {
		s.aliases[r.ID] = r.Aliases
	}
	return s
}

// Apply suppresses a finding when an exception covers it. Expired and void
// exceptions are counted as matching, but suppress nothing.
func (s *Set) Apply(f *finding.Finding, node *graph.Node) {
	for i := range s.exceptions {
		e := &s.exceptions[i]
		if !s.coversRule(e, f.Rule) || !coversNode(e, node) {
			continue
		}
		s.matches[i]++
		if e.Defect == "" && !s.expired(e) && f.State != finding.Excepted {
			f.State, f.Exception = finding.Excepted, &e.Exception
		}
	}
}

// Uses lists every exception with the number of findings that it matched.
func (s *Set) Uses() []Use {
	uses := make([]Use, len(s.exceptions))
	for i, e := range s.exceptions {
		uses[i] = Use{Exception: e, Matches: s.matches[i]}
	}
	return uses
}

// Use is an exception and the number of findings that it matched.
type Use struct {
	Exception
	Matches int
}

func (s *Set) expired(e *Exception) bool {
	return !e.Expires.IsZero() && !s.now.Before(e.Expires)
}

func (s *Set) coversRule(e *Exception, rule string) bool {
	return slices.ContainsFunc(e.Controls, func(name string) bool {
		return name == "*" || strings.EqualFold(name, rule) || slices.ContainsFunc(s.aliases[rule], func(alias string) bool {
			return strings.EqualFold(name, alias)
		})
	})
}

func coversNode(e *Exception, n *graph.Node) bool {
	if len(e.Objects) == 0 {
		return true
	}
	if n == nil {
		return false
	}
	return slices.ContainsFunc(e.Objects, func(o Object) bool { return o.covers(n) })
}

func (o Object) covers(n *graph.Node) bool {
	kind := string(n.Kind)
	if i := strings.LastIndexByte(kind, '/'); i >= 0 && !strings.Contains(o.Kind, "/") {
		kind = kind[i+1:]
	}
	return covers(o.Kind, kind) && covers(o.Namespace, n.Namespace) && covers(o.Name, n.Name) &&
		covers(o.File, n.Provenance.Position.File)
}

// covers matches a pattern. path.Match stops at slashes; a pattern for a file
// that ends in ** covers a whole folder.
func covers(pattern, text string) bool {
	if pattern == "" || pattern == text {
		return true
	}
	if folder, ok := strings.CutSuffix(pattern, "**"); ok {
		return strings.HasPrefix(text, folder)
	}
	ok, err := path.Match(pattern, text)
	return err == nil && ok
}
