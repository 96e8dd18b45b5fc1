package linediff_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/fix/linediff"
)

// splice is an edit of a test.
type splice struct {
	start, end int
	text       string
}

func edit(c *linediff.Change, splices ...splice) {
	var out bytes.Buffer
	var regions []linediff.Region
	at := 0
	for _, s := range splices {
		out.Write(c.After[at:s.start])
		out.WriteString(s.text)
		at = s.end
		regions = append(regions, linediff.Region{Start: s.start, End: s.end, Length: len(s.text)})
	}
	out.Write(c.After[at:])
	c.Replace(out.Bytes(), regions)
}

func diff(t testing.TB, c *linediff.Change, name string) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Unified(&out, name); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestUnified(t *testing.T) {
	c := linediff.New([]byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl"))
	edit(c, splice{1, 1, "\nx"}, splice{22, 22, "!"})
	edit(c, splice{2, 3, "y"})
	want := `diff --git a/f.yaml b/f.yaml
--- a/f.yaml
+++ b/f.yaml
@@ -1,4 +1,5 @@
 a
+y
 b
 c
 d
@@ -9,4 +10,4 @@
 i
 j
 k
-l
\ No newline at end of file
+!l
\ No newline at end of file
`
	if got := diff(t, c, "f.yaml"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestLastLinesReplaced(t *testing.T) {
	c := linediff.New([]byte("a:\n- b\n- c\n"))
	edit(c, splice{2, 2, " []"}, splice{3, 11, ""})
	want := "@@ -1,3 +1 @@\n-a:\n-- b\n-- c\n+a: []\n"
	if got := diff(t, c, "f"); !strings.HasSuffix(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestNoChangeNoDiff(t *testing.T) {
	c := linediff.New([]byte("a\nb\n"))
	if got := diff(t, c, "f"); got != "" {
		t.Errorf("got %q", got)
	}
	edit(c, splice{0, 1, "x"})
	edit(c, splice{0, 1, "a"})
	if got := diff(t, c, "f"); !strings.Contains(got, "-a\n+a\n") {
		t.Errorf("a line that was touched twice: %q", got)
	}
}

// TestPatchTools applies random diffs with git and patch.
func TestPatchTools(t *testing.T) {
	tools := map[string][]string{"git": {"apply", "--whitespace=nowarn"}, "patch": {"-p1", "--binary", "-s"}}
	for tool, args := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Logf("%s is not installed: not tried", tool)
			continue
		}
		for seed := range uint64(120) {
			r := rand.New(rand.NewPCG(seed, 1))
			dir := t.TempDir()
			name := []string{"a.yaml", "sub/b c.yaml", "é.yaml"}[r.IntN(3)]
			c := randomChange(r)
			if c.Before != nil {
				write(t, filepath.Join(dir, name), c.Before)
			}
			text := diff(t, c, name)
			if text == "" {
				continue
			}
			cmd := exec.Command(tool, args...)
			cmd.Dir, cmd.Stdin = dir, strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s, seed %d: %v\n%s\n%s", tool, seed, err, out, text)
			}
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || !bytes.Equal(got, c.After) {
				t.Fatalf("%s, seed %d: %v\ngot:\n%q\nwant:\n%q\n%s", tool, seed, err, got, c.After, text)
			}
		}
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func randomChange(r *rand.Rand) *linediff.Change {
	eol := []string{"\n", "\r\n"}[r.IntN(2)]
	var b strings.Builder
	for range r.IntN(40) {
		b.WriteString([]string{"a", "b", "", "x: y", "- z"}[r.IntN(5)] + eol)
	}
	text := b.String()
	if r.IntN(3) == 0 {
		text = strings.TrimSuffix(text, eol)
	}
	if r.IntN(10) == 0 && text != "" {
		return linediff.Created([]byte(text))
	}
	c := linediff.New([]byte(text))
	for range 1 + r.IntN(3) {
		var at []int
		for range 2 * (1 + r.IntN(3)) {
			at = append(at, randomOffset(r, c.After))
		}
		slices.Sort(at)
		var splices []splice
		for i := 0; i < len(at); i += 2 {
			splices = append(splices, splice{at[i], at[i+1], []string{"", "new", "new" + eol, eol + "new"}[r.IntN(4)]})
		}
		edit(c, splices...)
	}
	return c
}

// randomOffset is often at the edge of a line.
func randomOffset(r *rand.Rand, text []byte) int {
	at := r.IntN(len(text) + 1)
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 && r.IntN(2) == 0 {
		at += i + r.IntN(2)
	}
	if r.IntN(6) == 0 {
		at = len(text)
	}
	return at
}
