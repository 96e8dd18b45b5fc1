package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/finding"
)

// pathScore compares the fields that a finding points at with those that the
// case expects. It is a softer measure: both sides may rightly point at
// different fields for the same fault.
type pathScore struct {
	compared       bool
	missing, extra []string
}

func (s pathScore) equal() bool { return len(s.missing) == 0 && len(s.extra) == 0 }

// scorePaths compares the failed, deleted and reviewed fields as one set, and
// the fields of fixes with their values as another.
func (r *results) scorePaths(c *testCase, v *verdict) pathScore {
	expected := make(map[string]bool)
	for _, list := range [][]string{c.FailedPaths, c.DeletePaths, c.ReviewPaths} {
		for _, path := range list {
			expected[plainPath(path)] = true
		}
	}
	for _, fix := range c.FixPaths {
		if !placeholder(fix.Value) {
			expected[plainPath(fix.Path)+"="+fix.Value] = true
		}
	}
	delete(expected, "")
	if len(expected) == 0 || len(c.Controls) == 0 {
		return pathScore{}
	}
	found := make(map[string]bool)
	for _, f := range r.findingsOf(v, c.Controls[0]) {
		addPaths(found, f, len(c.FixPaths) > 0, numbersObjects(expected))
	}
	return pathScore{true, difference(expected, found), difference(found, expected)}
}

// numbersObjects reports whether the case tells binding and role apart.
func numbersObjects(expected map[string]bool) bool {
	for path := range expected {
		if strings.HasPrefix(path, "relatedObjects") {
			return true
		}
	}
	return false
}

func addPaths(found map[string]bool, f finding.Finding, fixes, numbered bool) {
	for _, e := range f.Evidence {
		prefix, own := relatedPrefix(f, e)
		if !numbered {
			prefix = ""
		}
		if own && e.Path != "" && (e.Value != "" || !fixes) {
			found[prefix+plainPath(e.Path)] = true
		}
	}
	if !fixes {
		return
	}
	for _, fix := range f.Fixes {
		if fix.Operation == finding.Set {
			found[plainPath(fix.Path)+"="+fix.Value] = true
		}
	}
}

// relatedPrefix is how the reference numbers binding and role beside a subject.
// It points at no other object than the one that fails, or these two.
func relatedPrefix(f finding.Finding, e finding.Evidence) (prefix string, own bool) {
	_, kind, _, _, _ := f.Node.Object()
	switch {
	case !strings.HasSuffix(kind, "Binding"):
		return "", e.Node == "" || e.Node == f.Node
	case e.Node == "" || e.Node == f.Node:
		return "relatedObjects[0].", true
	}
	return "relatedObjects[1].", true
}

// placeholder reports whether a value is for a person to fill in: no program
// can propose the same.
func placeholder(value string) bool {
	return strings.HasPrefix(value, "<") || strings.Contains(value, "YOUR_")
}

// plainPath writes quoted keys as the reference does: labels[app].
func plainPath(path string) string { return strings.ReplaceAll(path, `"`, "") }

func difference(a, b map[string]bool) []string {
	var only []string
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if !b[key] {
			only = append(only, key)
		}
	}
	return only
}
