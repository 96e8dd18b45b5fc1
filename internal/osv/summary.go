package osv

import (
	"cmp"
	"slices"
	"strings"
)

// ratingOf is a word among the scores, as Ubuntu gives its priority.
func ratingOf(list []Severity) string {
	for _, s := range list {
		if !strings.HasPrefix(s.Type, "CVSS") && s.Score != "" && !strings.ContainsAny(s.Score, ":/") {
			return strings.ToLower(s.Score)
		}
	}
	return ""
}

// leadingWord is the rating with which the summaries of the rebuilds of Red Hat
// Enterprise Linux begin: "Important: java-11-openjdk security update".
func leadingWord(summary string) string {
	first, _, found := strings.Cut(summary, ": ")
	if !found {
		return ""
	}
	switch word := strings.ToLower(first); word {
	case "critical", "important", "moderate", "low":
		return word
	}
	return ""
}

// moduleStream is the module that a summary names: "Moderate: nodejs:18
// security update" is about stream 18 of nodejs. A summary that names several
// does not say which package belongs to which.
func moduleStream(summary string) string {
	stream := ""
	for _, word := range strings.Fields(summary) {
		name, rest, found := strings.Cut(word, ":")
		if !found || name == "" || rest == "" || strings.Contains(name, "SA-") {
			continue
		}
		if stream != "" && stream != word {
			return ""
		}
		stream = strings.TrimRight(word, ",")
	}
	return stream
}

// builtAsModule reports whether the fixed build is marked as part of a module.
func builtAsModule(ranges []Range) bool {
	return slices.ContainsFunc(ranges, func(r Range) bool {
		return slices.ContainsFunc(r.Events, func(e Event) bool {
			return strings.Contains(e.Fixed, ".module_el") || strings.Contains(e.Fixed, ".module+el")
		})
	})
}

// telling orders references: what explains the flaw first.
func telling(list []Reference) []Reference {
	slices.SortStableFunc(list, func(a, b Reference) int { return cmp.Compare(weight(a.Type), weight(b.Type)) })
	return list
}

func weight(kind string) int {
	order := []string{"ADVISORY", "FIX", "REPORT", "ARTICLE", "EVIDENCE", "DETECTION", "DISCUSSION", "INTRODUCED", "WEB", "PACKAGE", "GIT"}
	if i := slices.Index(order, kind); i >= 0 {
		return i
	}
	return len(order)
}
