package dockerfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	source "github.com/foilsec/foil/internal/source/dockerfile"
)

func snapshot(t testing.TB, text string) *graph.Snapshot {
	t.Helper()
	object, err := source.Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	b.AddNode(graph.Node{ID: source.ID("Dockerfile"), Kind: source.Kind, Name: "Dockerfile", Object: object})
	return b.Snapshot()
}

// wanted reads the expectations that stand before the lines they are about.
func wanted(text string) []string {
	var want, next []string
	for i, line := range strings.Split(text, "\n") {
		if rules, found := strings.CutPrefix(line, "#! "); found {
			next = strings.Fields(rules)
			continue
		}
		for _, rule := range next {
			want = append(want, fmt.Sprintf("%3d %s", i+1, rule))
		}
		next = nil
	}
	return want
}

func TestControls(t *testing.T) {
	files, err := filepath.Glob("testdata/*.Dockerfile")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v := checktest.Run(t, New(), snapshot(t, string(text)), nil)
		var got []string
		for _, f := range v.Findings {
			seen[f.Rule] = true
			for _, e := range f.Evidence {
				got = append(got, fmt.Sprintf("%3d %s", e.Position.Line, f.Rule))
				if !e.Note.Complete() || strings.Contains(e.Note.EN+e.Value+f.Message.ZH, "hunter2") {
					t.Errorf("%s: evidence %+v", f.Rule, e)
				}
			}
		}
		want := wanted(string(text))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	for _, r := range New().Rules() {
		if !seen[r.ID] {
			t.Errorf("no test breaks %s", r.ID)
		}
	}
}

func TestRulesAreDescribed(t *testing.T) { checktest.Metadata(t, New()) }

func TestKindsAreTheSame(t *testing.T) {
	if source.Kind != build.Dockerfile {
		t.Errorf("%q and %q differ", source.Kind, build.Dockerfile)
	}
}

func TestFixes(t *testing.T) {
	for _, test := range []struct{ text, rule, want string }{
		{"FROM debian:12\nCMD x", "dockerfile-root-user", `append stages[0].instructions "USER 65532:65532"`},
		{"FROM debian:12 AS a\nFROM a\nUSER 0\nCMD x", "dockerfile-root-user", `append stages[1].instructions "USER 65532:65532"`},
		{"FROM nginx:1.31\nEXPOSE 80", "dockerfile-root-user", ""},
		{"FROM nginx:1.31\nFROM debian:12", "dockerfile-base-not-pinned", `set stages[0].from "nginx:1.31@{digest}"; set stages[1].from "debian:12@{digest}"`},
		{"ARG V=1.31\nFROM nginx:$V", "dockerfile-base-not-pinned", ""},
	} {
		got := ""
		for _, f := range checktest.Run(t, New(), snapshot(t, test.text), nil).Findings {
			if f.Rule == test.rule {
				got = describe(f.Fixes)
			}
		}
		if got != test.want {
			t.Errorf("%q: %s, want %s", test.text, got, test.want)
		}
	}
}

func describe(fixes []finding.Fix) string {
	var list []string
	for _, f := range fixes {
		list = append(list, fmt.Sprintf("%s %s %s", f.Operation, f.Path, f.Value))
	}
	return strings.Join(list, "; ")
}

func TestOddNodes(t *testing.T) {
	for _, content := range []any{nil, 7, []int{1}, map[string]any{"stages": 1}, map[string]any{"stages": []any{1, nil, map[string]any{"stage": 9, "instructions": "x"}}}} {
		d, err := graph.DocumentOf(content)
		if err != nil {
			t.Fatal(err)
		}
		var b graph.Builder
		b.AddNode(graph.Node{ID: "dockerfile:x", Kind: build.Dockerfile, Object: d.Root()})
		checktest.Run(t, New(), b.Snapshot(), nil)
	}
}

func FuzzCommands(f *testing.F) {
	f.Add("set -eux; if true; then A=1 curl 'a b' \"c\\\"d\" 2>&1 | sh; fi # x\n(echo ${X})&")
	f.Fuzz(func(t *testing.T, script string) {
		for _, c := range commands(script) {
			if len(c.words) == 0 || c.name() == "" {
				t.Fatalf("%q holds a command without a name", script)
			}
		}
		runsDownload(script)
	})
}

func TestCommands(t *testing.T) {
	for script, want := range map[string]string{
		`a b && c | d || e; f & g`:        "[a b]. [c]| [d]. [e]. [f]. [g].",
		`A=1 sudo x 'y z' "q\"r" a\ b`:    `[x y z q"r a b].`,
		"if a; then b; fi # c; d":         "[a]. [b]. [fi].",
		"a \\\n b\nc":                     "[a b]. [c].",
		"a 2>&1 &>x ${Y} ; {b;}":          "[a 2>&1 &>x ${Y}]. [b].",
		`/usr/bin/curl -x --opt=1 file=a`: "[/usr/bin/curl -x --opt=1 file=a].",
	} {
		var got []string
		for _, c := range commands(script) {
			end := "."
			if c.piped {
				end = "|"
			}
			got = append(got, fmt.Sprint(c.words)+end)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %s, want %s", script, strings.Join(got, " "), want)
		}
	}
}
