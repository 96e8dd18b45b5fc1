package lock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// decode reads a lock file in JSON.
func decode(f *catalog.File, into any) error {
	content, err := catalog.Bytes(f, largest)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(bytes.TrimPrefix(content, []byte("\ufeff")), into); err != nil {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	return nil
}

// nodeModule is a package in npm's lock file. Version 1 nests them.
type nodeModule struct {
	Name         string                `json:"name"`
	Version      string                `json:"version"`
	Link         bool                  `json:"link"`
	Dependencies map[string]nodeModule `json:"dependencies"`
}

// packageLock reads npm's own format: by folder since version 2, by name
// before.
func packageLock(f *catalog.File, emit emit) error {
	var file struct {
		Packages map[string]struct {
			Name    string `json:"name"`
			Version string `json:"version"`
			Link    bool   `json:"link"`
		} `json:"packages"`
		Dependencies map[string]nodeModule `json:"dependencies"`
	}
	if err := decode(f, &file); err != nil {
		return err
	}
	for folder, p := range file.Packages {
		name, isModule := catalog.Inside(folder, "node_modules")
		if !isModule || p.Link {
			continue // the project itself, or a folder of it
		}
		if p.Name != "" { // installed under another name
			name = p.Name
		}
		emit(name, p.Version)
	}
	if file.Packages == nil {
		nested(file.Dependencies, emit)
	}
	return nil
}

func nested(modules map[string]nodeModule, emit emit) {
	for name, m := range modules {
		if alias, found := strings.CutPrefix(m.Version, "npm:"); found {
			name, m.Version = splitAt(alias)
		}
		if isRelease(m.Version) {
			emit(name, m.Version)
		}
		nested(m.Dependencies, emit)
	}
}

// isRelease tells versions from addresses of archives and folders.
func isRelease(version string) bool {
	return version != "" && '0' <= version[0] && version[0] <= '9' && !strings.ContainsAny(version, "/:")
}

// splitAt cuts "@scope/name@1.0.0" before the version.
func splitAt(text string) (name, version string) {
	if at := strings.LastIndexByte(text, '@'); at > 0 {
		return text[:at], text[at+1:]
	}
	return text, ""
}

// yarnLock reads both formats of Yarn: a line with what was asked for, and
// below it the version.
func yarnLock(f *catalog.File, emit emit) error {
	name := ""
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return err
		}
		text := string(line)
		switch {
		case text == "" || text[0] == '#':
		case text[0] != ' ':
			name = yarnName(text)
		case name != "":
			rest, found := strings.CutPrefix(strings.TrimSpace(text), "version")
			if !found || rest == "" || rest[0] != ' ' && rest[0] != ':' {
				continue
			}
			version := strings.Trim(rest, ` :"'`)
			if isRelease(version) && !strings.HasPrefix(version, "0.0.0-use.local") {
				emit(name, version)
			}
			name = ""
		}
	}
	return nil
}

// yarnName is the name in `"@babel/core@^7.0.0", "@babel/core@npm:^7.1.0":`. An
// alias stands before the real name: `mine@npm:lodash@^4.0.0`.
func yarnName(line string) string {
	first, _, _ := strings.Cut(strings.TrimSuffix(line, ":"), ",")
	first = strings.Trim(strings.TrimSpace(first), `"'`)
	at := strings.IndexByte(first[min(1, len(first)):], '@') + 1
	if at <= 0 {
		return ""
	}
	name, asked := first[:at], first[at+1:]
	if asked == "" || strings.HasPrefix(asked, "workspace:") || strings.HasPrefix(asked, "link:") || strings.HasPrefix(asked, "file:") {
		return ""
	}
	if alias, found := strings.CutPrefix(asked, "npm:"); found {
		if real, version := splitAt(alias); version != "" {
			return real
		}
	}
	return name
}

// pnpmLock reads the keys of the section packages: "/lodash/4.17.21:",
// "/lodash@4.17.21:" or "lodash@4.17.21:", by the version of the format.
func pnpmLock(f *catalog.File, emit emit) error {
	inside := false
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return err
		}
		text := string(line)
		switch {
		case text != "" && text[0] != ' ':
			inside = text == "packages:"
		case inside && strings.HasPrefix(text, "  ") && !strings.HasPrefix(text, "   ") && strings.HasSuffix(text, ":"):
			emit(pnpmKey(strings.Trim(strings.TrimSuffix(text, ":"), ` '"`)))
		}
	}
	return nil
}

func pnpmKey(key string) (name, version string) {
	key = strings.TrimPrefix(key, "/")
	key, _, _ = strings.Cut(key, "(") // what it was resolved together with
	name, version = splitAt(key)
	if slash := strings.LastIndexByte(key, '/'); slash > 0 && isRelease(key[slash+1:]) { // until version 5
		name = key[:slash]
		version, _, _ = strings.Cut(key[slash+1:], "_")
	}
	if !isRelease(version) {
		return "", ""
	}
	return name, version
}

// bunLock reads the lines of the section packages: `"name": ["name@1.0.0", …`.
// It is JSON with commas too many, so it is read by line.
func bunLock(f *catalog.File, emit emit) error {
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return err
		}
		_, list, found := strings.Cut(string(line), `": ["`)
		first, _, closed := strings.Cut(list, `"`)
		if name, version := splitAt(first); found && closed && isRelease(version) {
			emit(name, version)
		}
	}
	return nil
}
