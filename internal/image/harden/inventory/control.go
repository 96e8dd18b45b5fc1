package inventory

import "strings"

// stanza is one paragraph of a dpkg database, as it was written.
type stanza struct {
	text   string
	fields map[string]string // by name in lower case; folded lines are joined
}

// stanzas splits a dpkg database into its paragraphs.
func stanzas(text string) []stanza {
	var list []stanza
	for part := range strings.SplitSeq(text, "\n\n") {
		part = strings.Trim(part, "\n")
		if strings.TrimSpace(part) == "" {
			continue
		}
		list = append(list, stanza{part, fields(part)})
	}
	return list
}

func fields(text string) map[string]string {
	all := map[string]string{}
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			all[name] += "\n" + strings.TrimSpace(line)
			continue
		}
		if key, value, ok := strings.Cut(line, ":"); ok {
			name = strings.ToLower(key)
			all[name] = strings.TrimSpace(value)
		}
	}
	return all
}

// installed reports whether the files of a package are in place. A package whose
// triggers have not run is complete otherwise.
func (s stanza) installed() bool {
	words := strings.Fields(s.fields["status"])
	if len(words) != 3 {
		return false
	}
	switch words[2] {
	case "installed", "triggers-pending", "triggers-awaited":
		return true
	}
	return false
}

// relations are the names in a field such as Depends. Of alternatives all are
// listed: which of them was meant is not known.
func relations(field string) []string {
	var names []string
	for part := range strings.FieldsFuncSeq(field, func(r rune) bool { return r == ',' || r == '|' }) {
		name, _, _ := strings.Cut(strings.TrimSpace(part), " ")
		name, _, _ = strings.Cut(name, ":")
		name, _, _ = strings.Cut(name, "(")
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// debPackage is the package of a paragraph.
func (s stanza) debPackage() *Package {
	f := s.fields
	return &Package{
		System: Deb, Name: f["package"], Version: f["version"], Architecture: f["architecture"],
		Essential: f["essential"] == "yes",
		Depends:   append(relations(f["depends"]), relations(f["pre-depends"])...),
		Provides:  relations(f["provides"]),
	}
}
