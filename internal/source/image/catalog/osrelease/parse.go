package osrelease

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// Parse reads an os-release file. It reports false when the file names no
// system.
func Parse(text string) (artifact.OS, bool) {
	value := assignments(text)
	os := artifact.OS{
		ID: strings.ToLower(value["ID"]), VersionID: value["VERSION_ID"], Codename: value["VERSION_CODENAME"],
		Name: value["PRETTY_NAME"], Like: strings.Fields(strings.ToLower(value["ID_LIKE"])),
	}
	if os.ID == "" {
		os.ID = idOf(value["NAME"])
	}
	if os.Codename == "" {
		os.Codename = codename(value["VERSION"])
	}
	if os.Name == "" {
		os.Name = value["NAME"]
	}
	return os, os.ID != ""
}

// codename is the word in brackets of "12 (bookworm)" or "8.1 (Ootpa)". More
// than one word is a remark: "30 (Container Image)".
func codename(version string) string {
	_, rest, _ := strings.Cut(version, "(")
	inner, _, closed := strings.Cut(rest, ")")
	if !closed || strings.ContainsAny(inner, " \t") {
		return ""
	}
	return strings.ToLower(inner)
}

// mostAssignments bounds what a file can make us keep.
const mostAssignments = 512

// assignments reads the lines KEY=value, in the quoting of a shell.
func assignments(text string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		key, value, found := strings.Cut(line, "=")
		if !found || key == "" || key[0] == '#' || len(values) >= mostAssignments {
			continue
		}
		values[key] = unquote(value)
	}
	return values
}

// unquote reads one word of a shell: nothing is expanded in single quotes, and
// a backslash makes what follows plain elsewhere.
func unquote(word string) string {
	var out strings.Builder
	quote := byte(0)
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c == '\\' && quote != '\'' && i+1 < len(word):
			i++
			out.WriteByte(word[i])
		case c == quote && quote != 0:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && (c == ' ' || c == '\t'):
			return out.String()
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
