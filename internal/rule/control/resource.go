package control

import "strings"

// resourceOf names the API resource of a kind: "pods" for Pod. Resources of
// custom kinds are given by their definitions; the rule below is the one that
// the API conventions and every built-in kind but these few follow.
func resourceOf(kind string) string {
	lower := strings.ToLower(kind)
	switch {
	case kind == "Endpoints", kind == "SecurityContextConstraints":
		return lower
	case strings.HasSuffix(lower, "s"), strings.HasSuffix(lower, "x"), strings.HasSuffix(lower, "ch"), strings.HasSuffix(lower, "sh"):
		return lower + "es"
	case strings.HasSuffix(lower, "y") && len(lower) > 1 && !strings.ContainsRune("aeiou", rune(lower[len(lower)-2])):
		return lower[:len(lower)-1] + "ies"
	default:
		return lower + "s"
	}
}
