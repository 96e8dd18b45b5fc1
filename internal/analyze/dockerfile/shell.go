package dockerfile

import (
	"path"
	"slices"
	"strings"
)

// command is a simple command of a shell script.
type command struct {
	words []string // without quotes
	piped bool     // its output goes into the next one
}

// name is the program, without its folder.
func (c command) name() string { return path.Base(c.words[0]) }

// has reports whether an argument is there as it is.
func (c command) has(argument string) bool { return slices.Contains(c.words[1:], argument) }

// hasPrefix reports whether an argument begins so.
func (c command) hasPrefix(prefix string) bool {
	return slices.ContainsFunc(c.words[1:], func(w string) bool { return strings.HasPrefix(w, prefix) })
}

// hasShort reports whether a one-letter option is there, alone or with others:
// the k of "-fsSLk".
func (c command) hasShort(letter string) bool {
	return slices.ContainsFunc(c.words[1:], func(w string) bool {
		return strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.Contains(w[1:], letter)
	})
}

// commands splits a script into simple commands. It knows quotes and the signs
// between commands, and looks into no substitution: enough to see what a build
// step calls, and not a shell.
func commands(script string) []command {
	s := &splitter{script: script}
	for s.at < len(script) {
		s.step()
	}
	s.end(false)
	return s.list
}

type splitter struct {
	script string
	at     int
	word   strings.Builder
	inWord bool
	words  []string
	list   []command
}

func (s *splitter) step() {
	c := s.script[s.at]
	s.at++
	switch {
	case c == '\\' && s.at < len(s.script):
		if s.script[s.at] != '\n' {
			s.put(s.script[s.at])
		}
		s.at++
	case c == '\'' || c == '"':
		s.quoted(c)
	case c == ' ' || c == '\t':
		s.endWord()
	case c == '|' && s.peek() != '|':
		s.end(true)
	case c == '&' && s.redirects():
		s.put(c)
	case strings.IndexByte(";|&\n(){}`", c) >= 0 && !s.opensExpression(c):
		s.end(false)
	case c == '#' && !s.inWord:
		s.comment()
	default:
		s.put(c)
	}
}

// opensExpression reports whether a brace belongs to a variable or to a list in
// a word.
func (s *splitter) opensExpression(c byte) bool { return (c == '{' || c == '}') && s.inWord }

// redirects reports whether an ampersand is that of "2>&1" or "&>file".
func (s *splitter) redirects() bool {
	return s.peek() == '>' || strings.HasSuffix(s.word.String(), ">")
}

func (s *splitter) peek() byte {
	if s.at < len(s.script) {
		return s.script[s.at]
	}
	return 0
}

func (s *splitter) quoted(quote byte) {
	s.inWord = true
	for s.at < len(s.script) {
		c := s.script[s.at]
		s.at++
		if c == quote {
			return
		}
		if c == '\\' && quote == '"' && s.at < len(s.script) {
			c = s.script[s.at]
			s.at++
		}
		s.put(c)
	}
}

func (s *splitter) comment() {
	if end := strings.IndexByte(s.script[s.at:], '\n'); end >= 0 {
		s.at += end
	} else {
		s.at = len(s.script)
	}
}

func (s *splitter) put(c byte) {
	s.inWord = true
	s.word.WriteByte(c)
}

func (s *splitter) endWord() {
	if s.inWord {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.inWord = false
}

// end finishes a command, and takes off what stands before its name.
func (s *splitter) end(piped bool) {
	s.endWord()
	words := s.words
	s.words = nil
	for len(words) > 0 && isPrefix(words[0]) {
		words = words[1:]
	}
	if len(words) > 0 && words[0] != "" {
		s.list = append(s.list, command{words, piped})
	}
}

// isPrefix reports whether a word is none of the command that follows it: a word
// of the shell, a variable for the command, or a program that runs another.
func isPrefix(word string) bool {
	switch word {
	case "", "if", "then", "else", "elif", "while", "until", "do", "!", "sudo", "exec", "time", "nice", "env", "command":
		return true
	}
	name, _, assigned := strings.Cut(word, "=")
	return assigned && name != "" && !strings.ContainsAny(name, "/-.")
}
