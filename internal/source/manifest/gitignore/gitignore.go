// Package gitignore tells which paths the .gitignore files of a tree leave
// out, by the rules of gitignore(5). It takes the texts of those files and
// answers for paths; it opens nothing itself.
//
// It is our own because the format is small and settled, and what is at hand
// in Go is either a part of a whole git implementation or gets `**` and
// re-inclusion wrong; a test compares this one with git itself.
package gitignore

import (
	"path"
	"strings"
)

// Rules are the patterns of one .gitignore file.
type Rules struct {
	// dir is the folder of the file, slash-separated from the top of the tree
	// and with a slash at its end; empty at the top.
	dir      string
	patterns []pattern
}

// Parse reads the text of the .gitignore file of a folder; the folder is
// given from the top of the tree, empty for the top itself.
func Parse(dir, text string) Rules {
	if dir != "" {
		dir += "/"
	}
	r := Rules{dir: dir}
	for line := range strings.Lines(text) {
		if p, ok := parsePattern(strings.TrimRight(line, "\r\n")); ok {
			r.patterns = append(r.patterns, p)
		}
	}
	return r
}

// match finds the last pattern of the file that speaks about a path.
func (r Rules) match(name string, isDir bool) (ignored, decided bool) {
	rel, below := strings.CutPrefix(name, r.dir)
	if !below {
		return false, false
	}
	segments := strings.Split(rel, "/")
	for i := len(r.patterns) - 1; i >= 0; i-- {
		if p := &r.patterns[i]; p.match(segments, isDir) {
			return !p.negated, true
		}
	}
	return false, false
}

// Stack is the rules from the top of a tree down to one folder. The file of a
// deeper folder decides over those above it.
type Stack []Rules

// With adds the rules of a deeper folder, without changing the stack itself.
func (s Stack) With(r Rules) Stack {
	if len(r.patterns) == 0 {
		return s
	}
	return append(s[:len(s):len(s)], r)
}

// Ignored reports whether a path, slash-separated from the top of the tree, is
// left out. What lies in an ignored folder must not be asked for: git never
// looks into one.
func (s Stack) Ignored(name string, isDir bool) bool {
	for i := len(s) - 1; i >= 0; i-- {
		if ignored, decided := s[i].match(name, isDir); decided {
			return ignored
		}
	}
	return false
}

// pattern is one line. Its segments are matched one by one; "**" stands for
// any number of them.
type pattern struct {
	segments []string
	negated  bool
	dirOnly  bool
}

func parsePattern(line string) (pattern, bool) {
	var p pattern
	line = trimTrailingSpaces(line)
	if line == "" || line[0] == '#' {
		return p, false
	}
	if line[0] == '!' {
		p.negated, line = true, line[1:]
	}
	if strings.HasSuffix(line, "/") {
		p.dirOnly, line = true, strings.TrimSuffix(line, "/")
	}
	if line == "" {
		return p, false
	}
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if !anchored {
		p.segments = []string{"**"}
	}
	for segment := range strings.SplitSeq(line, "/") {
		p.segments = append(p.segments, globSegment(segment))
	}
	return p, true
}

// trimTrailingSpaces drops spaces at the end that no backslash protects.
func trimTrailingSpaces(line string) string {
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	return line
}

// globClasses are the named classes of characters that path.Match lacks.
var globClasses = strings.NewReplacer("[!", "[^", "[:alpha:]", "a-zA-Z", "[:digit:]", "0-9", "[:alnum:]", "a-zA-Z0-9",
	"[:lower:]", "a-z", "[:upper:]", "A-Z", "[:space:]", " \t", "[:xdigit:]", "0-9a-fA-F")

func globSegment(segment string) string {
	if segment == "**" {
		return segment
	}
	return globClasses.Replace(segment)
}

// match compares a path with the pattern. Each round keeps the set of numbers
// of path segments that the pattern so far may have used up, so that a pattern
// of many stars costs no more than their product with the path.
func (p *pattern) match(name []string, isDir bool) bool {
	if p.dirOnly && !isDir {
		return false
	}
	reached := make([]bool, len(name)+1)
	reached[0] = true
	for i, segment := range p.segments {
		if segment == "**" {
			spread(reached, i == len(p.segments)-1)
			continue
		}
		for at := len(name); at > 0; at-- {
			reached[at] = reached[at-1] && matchSegment(segment, name[at-1])
		}
		reached[0] = false
	}
	return reached[len(name)]
}

// spread lets "**" use up any number of segments; at the end of a pattern it
// stands for what is inside, so for at least one.
func spread(reached []bool, last bool) {
	seen := false
	for at := range reached {
		before := seen
		seen = seen || reached[at]
		reached[at] = seen
		if last {
			reached[at] = before
		}
	}
}

func matchSegment(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}
