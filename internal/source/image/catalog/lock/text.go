package lock

import (
	"encoding/json"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// byLine has a lock file read line by line, without remarks.
func byLine(f *catalog.File, remark string, visit func(line string)) error {
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return err
		}
		if text := string(line); text != "" && !strings.HasPrefix(text, remark) {
			visit(text)
		}
	}
	return nil
}

func convert(from, into any) error {
	raw, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// gemfileLock reads the section GEM: below "specs:" stands "    rake (13.0.6)",
// and what each needs deeper.
func gemfileLock(f *catalog.File, emit emit) error {
	inside := false
	return byLine(f, "#", func(line string) {
		switch {
		case line[0] != ' ':
			inside = line == "GEM"
		case inside && strings.HasPrefix(line, "    ") && line[4:] != "" && line[4] != ' ':
			name, rest, _ := strings.Cut(line[4:], " (")
			version, platform, _ := strings.Cut(strings.TrimSuffix(rest, ")"), "-")
			if strings.Contains(platform, ".") && isRelease(platform) {
				version += "-" + platform // part of the version, as in 1.0-2.1
			}
			emit(name, version)
		}
	})
}

// gradleLock reads "group:name:version=configurations".
func gradleLock(f *catalog.File, emit emit) error {
	return byLine(f, "#", func(line string) {
		coordinate, _, _ := strings.Cut(line, "=")
		if parts := strings.Split(coordinate, ":"); len(parts) == 3 {
			emit(parts[0]+":"+parts[1], parts[2])
		}
	})
}

// mixLock reads `  "phoenix": {:hex, :phoenix, "1.7.0", …`.
func mixLock(f *catalog.File, emit emit) error {
	return byLine(f, "#", func(line string) {
		_, rest, found := strings.Cut(line, "{:hex, :")
		name, rest, _ := strings.Cut(rest, ", \"")
		version, _, closed := strings.Cut(rest, `"`)
		if found && closed {
			emit(strings.Trim(name, `"`), version)
		}
	})
}

// pubspecLock reads a section for each package, two spaces deep, with a version
// and a source below.
func pubspecLock(f *catalog.File, emit emit) error {
	name, hosted := "", false
	return byLine(f, "#", func(line string) {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   ") && strings.HasSuffix(trimmed, ":"):
			name, hosted = strings.TrimSuffix(trimmed, ":"), false
		case trimmed == "source: hosted":
			hosted = true
		case hosted && strings.HasPrefix(trimmed, "version:"):
			emit(name, strings.Trim(strings.TrimPrefix(trimmed, "version:"), ` "'`))
		}
	})
}

// cabalFreeze reads "constraints: any.aeson ==2.1.0," and the lines that follow.
func cabalFreeze(f *catalog.File, emit emit) error {
	return byLine(f, "--", func(line string) {
		_, rest, found := strings.Cut(line, "any.")
		name, version, exact := strings.Cut(rest, "==")
		if found && exact {
			emit(strings.TrimSpace(name), strings.Trim(version, " ,"))
		}
	})
}

// requirements reads "name[extra]==1.0 ; marker --hash=…". What is not pinned to
// one version says nothing of what is used.
func requirements(f *catalog.File, emit emit) error {
	return byLine(f, "#", func(line string) {
		line, _, _ = strings.Cut(line, " #")
		line, _, _ = strings.Cut(line, ";")
		line, _, _ = strings.Cut(line, " --")
		name, version, pinned := strings.Cut(strings.TrimSpace(strings.TrimRight(line, ` \`)), "==")
		name, _, _ = strings.Cut(name, "[")
		if version = strings.TrimLeft(strings.TrimSpace(version), "= "); pinned && !strings.ContainsAny(version, "*,<> ") && !strings.HasPrefix(name, "-") {
			emit(strings.TrimSpace(name), version)
		}
	})
}

// goMod reads what a module requires, and what it replaces. The toolchain tells
// the standard library.
func goMod(f *catalog.File, emit emit) error {
	m := module{required: map[string]string{}, replaced: map[string][2]string{}}
	if err := byLine(f, "//", m.line); err != nil {
		return err
	}
	for path, version := range m.required {
		if other, found := m.replaced[path]; found {
			path, version = other[0], other[1]
		}
		emit(path, version)
	}
	if m.toolchain == "" {
		m.toolchain = m.language
	}
	if strings.Count(m.toolchain, ".") == 2 { // a language version such as 1.26 names no release
		emit("stdlib", m.toolchain)
	}
	return nil
}

// module is a go.mod that is being read.
type module struct {
	block               string
	required            map[string]string
	replaced            map[string][2]string
	language, toolchain string
}

func (m *module) line(line string) {
	line, _, _ = strings.Cut(line, "//")
	words := strings.Fields(line)
	switch {
	case len(words) == 0:
		return
	case words[0] == ")":
		m.block = ""
		return
	case len(words) == 2 && words[1] == "(":
		m.block = words[0]
		return
	case m.block != "":
		words = append([]string{m.block}, words...)
	}
	switch {
	case words[0] == "require" && len(words) == 3:
		m.required[words[1]] = words[2]
	case words[0] == "replace":
		m.replace(words[1:])
	case words[0] == "go" && len(words) == 2:
		m.language = words[1]
	case words[0] == "toolchain" && len(words) == 2:
		m.toolchain, _, _ = strings.Cut(strings.TrimPrefix(words[1], "go"), "-")
	}
}

// replace reads "old [version] => new [version]". A folder has no version, and
// takes the module out of what can be compared.
func (m *module) replace(words []string) {
	for i, w := range words {
		if w != "=>" || i == 0 || i+1 >= len(words) {
			continue
		}
		other := [2]string{words[i+1]}
		if i+2 < len(words) {
			other[1] = words[i+2]
		}
		m.replaced[words[0]] = other
	}
}
