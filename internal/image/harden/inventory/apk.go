package inventory

import (
	"path"
	"strings"
)

// apkDatabases are the places of the database; newer ones link to each other.
func apkDatabases() []string { return []string{"lib/apk/db/installed", "usr/lib/apk/db/installed"} }

func (i *Inventory) readApk() {
	seen := map[string]bool{}
	for _, name := range apkDatabases() {
		text, real := i.read(name)
		if real == "" || seen[real] {
			continue
		}
		seen[real] = true
		for part := range strings.SplitSeq(text, "\n\n") {
			if p := i.apkPackage(part); p.Name != "" {
				i.Packages = append(i.Packages, p)
			}
		}
	}
}

// apkPackage reads a paragraph: a letter, a colon and a value in each line.
func (i *Inventory) apkPackage(part string) *Package {
	p := &Package{System: Apk}
	folder := ""
	for line := range strings.Lines(part) {
		key, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if !ok {
			continue
		}
		switch key {
		case "P":
			p.Name = value
		case "V":
			p.Version = value
		case "A":
			p.Architecture = value
		case "D":
			p.Depends = apkNames(value)
		case "p":
			p.Provides = apkNames(value)
		case "F":
			folder = value
		case "R":
			p.claim(i.tree, "/"+path.Join(folder, value))
		}
	}
	return p
}

// apkNames are the names in a list of relations, without versions.
func apkNames(list string) []string {
	var names []string
	for word := range strings.FieldsSeq(list) {
		if name := strings.TrimRight(word[:strings.IndexAny(word+"=", "=<>~")], " "); name != "" && name[0] != '!' {
			names = append(names, name)
		}
	}
	return names
}
