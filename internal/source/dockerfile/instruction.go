package dockerfile

import (
	"encoding/json"
	"strings"
)

// instruction is one step of a file.
type instruction struct {
	*logical
	start     int
	keyword   string // upper case
	arguments int    // where they begin, behind the flags
	flags     []word // "--from=build"
	exec      []string
	pairs     []pair       // of ENV, ARG and LABEL
	trigger   *instruction // of ONBUILD
}

// pair is a name with a value.
type pair struct {
	name, value string
	set         bool // it has a value
	offset      int
}

func newInstruction(l *logical, escape byte) *instruction {
	in := instructionAt(l, 0, escape)
	if in.keyword == "ONBUILD" {
		in.trigger = instructionAt(l, in.arguments, escape)
	}
	return in
}

// instructionAt reads the instruction that begins at an offset of a line.
func instructionAt(l *logical, from int, escape byte) *instruction {
	in := &instruction{logical: l, start: from}
	keyword := wordAt(l.text, from, escape)
	in.keyword = strings.ToUpper(keyword.raw)
	in.arguments = from + len(keyword.raw)
	for {
		in.arguments += spaces(l.text[in.arguments:])
		if !strings.HasPrefix(l.text[in.arguments:], "--") {
			break
		}
		flag := wordAt(l.text, in.arguments, escape)
		in.flags = append(in.flags, flag)
		in.arguments += len(flag.raw)
	}
	switch in.keyword {
	case "ENV", "LABEL":
		in.pairs = assignments(l.text, in.arguments, escape)
	case "ARG":
		in.pairs = declarations(l.text, in.arguments, escape)
	case "CMD", "ENTRYPOINT", "RUN", "SHELL", "COPY", "ADD", "VOLUME":
		in.exec = execForm(l.text[in.arguments:])
	}
	return in
}

func spaces(text string) int { return len(text) - len(strings.TrimLeft(text, " \t")) }

// execForm reads a command that is written as a list; nil when it is not.
func execForm(text string) []string {
	if !strings.HasPrefix(text, "[") {
		return nil
	}
	var list []string
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil // Docker takes it for a line of shell as well
	}
	return list
}

// assignments reads "A=1 B=2", and the old form "A 1".
func assignments(text string, from int, escape byte) []pair {
	list := words(text, from, escape)
	if len(list) == 0 {
		return nil
	}
	if !strings.Contains(list[0].raw, "=") {
		value := strings.TrimSpace(text[list[0].offset+len(list[0].raw):])
		return []pair{{list[0].text, value, value != "", list[0].offset}}
	}
	return pairs(list)
}

// declarations reads "A B=2".
func declarations(text string, from int, escape byte) []pair { return pairs(words(text, from, escape)) }

func pairs(list []word) []pair {
	all := make([]pair, 0, len(list))
	for _, w := range list {
		name, value, set := strings.Cut(w.text, "=")
		all = append(all, pair{name, value, set, w.offset})
	}
	return all
}
