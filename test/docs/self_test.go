package docs

import (
	"slices"
	"strings"
	"testing"
)

func TestMatches(t *testing.T) {
	for name, c := range map[string]struct {
		shown, printed string
		want           bool
	}{
		"nothing":            {"", "", true},
		"equal":              {"a|b", "a|b", true},
		"blanks at the end":  {"a", "a  ", true},
		"blanks within":      {"a b", "a  b", false},
		"too little":         {"a|b", "a", false},
		"too much":           {"a", "a|b", false},
		"all left out":       {"...", "a|b", true},
		"nothing left out":   {"a|...", "a", true},
		"middle left out":    {"a|...|d", "a|b|c|d", true},
		"two left out":       {"a|...|c|...|e", "a|b|c|d|e", true},
		"wrong end":          {"a|...|x", "a|b|c", false},
		"dots within a line": {"a ...", "a b", false},
		"indented dots":      {"a|  ...", "a|b", true},
	} {
		if got := matches(split(c.shown), split(c.printed)); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestRenew(t *testing.T) {
	for name, c := range map[string]struct{ shown, printed, want string }{
		"all":               {"x|y", "a|b|c", "a|b|c"},
		"head and tail":     {"x|...|y|z", "a|b|c|d|e", "a|...|d|e"},
		"head":              {"x|...", "a|b|c", "a|..."},
		"several omissions": {"x|...|m|...|y", "a|b|c|d", "a|...|d"},
		"became short":      {"x|...|y", "a|b", "a|b"},
		"blanks":            {"x", "a  |b", "a|b"},
	} {
		if got := strings.Join(renew(split(c.shown), split(c.printed)), "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "|")
}

func TestExchanges(t *testing.T) {
	p, err := parsePage("x.md", "text\n```console cluster\n$ one \\\n  more\nA\n\n$ two\n$ three\nB\n```\n```yaml\na: 1\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.blocks) != 2 || !p.blocks[0].is("console", "cluster") || p.blocks[1].is("console") {
		t.Fatalf("blocks %+v", p.blocks)
	}
	list, err := p.exchanges(p.blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.command+"→"+strings.Join(e.output, "|"))
		if !slices.Equal(p.lines[e.from:e.to], e.output) {
			t.Errorf("%s: place of the output %d to %d", e.command, e.from, e.to)
		}
	}
	if want := []string{"one \\\n  more→A|", "two→", "three→B"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBrokenPages(t *testing.T) {
	if _, err := parsePage("x.md", "```console\n$ one\n"); err == nil {
		t.Error("an open block is accepted")
	}
	p, err := parsePage("x.md", "```console\noutput\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.exchanges(p.blocks[0]); err == nil {
		t.Error("output without a command is accepted")
	}
}

func TestShellKeepsWhatCommandsSet(t *testing.T) {
	s := &shell{folder: t.TempDir(), environment: []string{"PATH=/usr/bin:/bin"}}
	results, err := s.run(t.Context(), []string{"a='x y'", `echo "$a" it\'s; echo err >&2`, "false", "echo $?", "printf end"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		got = append(got, strings.Join(r.lines, "|"))
	}
	if want := []string{"", "x y it's|err", "", "1", "end"}; !slices.Equal(got, want) || results[2].status != 1 {
		t.Errorf("got %q, want %q; status %d", got, want, results[2].status)
	}
	if _, err := s.run(t.Context(), []string{"exit 3", "echo never"}); err == nil {
		t.Error("a shell that ended early is accepted")
	}
}
