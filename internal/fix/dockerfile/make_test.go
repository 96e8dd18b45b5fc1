package dockerfile

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/analyze"
	lint "github.com/foilsec/foil/internal/analyze/dockerfile"
	support "github.com/foilsec/foil/internal/analyze/eol"
	"github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/graph"
	source "github.com/foilsec/foil/internal/source/dockerfile"
)

// scan reads and judges as the command does.
type scan struct{ analyzers []analyze.Analyzer }

func newScan(t testing.TB) *scan {
	t.Helper()
	data, err := eol.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	return &scan{[]analyze.Analyzer{lint.New(), support.New(support.Options{Data: data, Now: now})}}
}

func (s *scan) Read(n *graph.Node, content []byte) (graph.Node, error) {
	return source.Reread(n, content)
}

func (s *scan) Judge(ctx context.Context, snapshot *graph.Snapshot) ([]finding.Finding, error) {
	out := &gather{}
	for _, a := range s.analyzers {
		if err := a.Analyze(ctx, &analyze.Facts{Snapshot: snapshot}, out); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.findings, func(a, b finding.Finding) int { return cmp.Compare(a.Rule+a.Message.EN, b.Rule+b.Message.EN) })
	return out.findings, nil
}

type gather struct{ findings []finding.Finding }

func (g *gather) Rule(finding.Rule)                         {}
func (g *gather) Finding(f finding.Finding)                 { g.findings = append(g.findings, f) }
func (g *gather) Evaluated(string, int)                     {}
func (g *gather) NotEvaluated(string, graph.NodeID, string) {}

// files are the user's, in memory.
type files map[string]string

func (f files) ReadFile(name string) ([]byte, error) {
	if text, ok := f[name]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func (f files) Contains(name string) bool { return !strings.HasPrefix(name, "..") }

// registry answers for the images that it has.
type registry map[string]string

func (r registry) Digest(_ context.Context, reference string) (string, error) {
	if d, ok := r[reference]; ok {
		return "sha256:" + strings.Repeat(d, 64), nil
	}
	return "", errors.New("not found")
}

// fixed makes a plan for one file and its findings of some rules; all without.
func fixed(t *testing.T, text string, r Resolver, rules ...string) *fix.Plan {
	t.Helper()
	object, err := source.Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	b.AddNode(graph.Node{
		ID: source.ID("Dockerfile"), Kind: source.Kind, Name: "Dockerfile", Object: object,
		Provenance: graph.Provenance{Origin: "Dockerfile"},
	})
	s := newScan(t)
	request := Request{Snapshot: b.Snapshot(), Files: files{"Dockerfile": text}, Scan: s, Resolver: r}
	found, err := s.Judge(context.Background(), request.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if len(rules) == 0 || slices.Contains(rules, f.Rule) {
			request.Findings = append(request.Findings, f)
		}
	}
	plan, err := Make(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func result(p *fix.Plan) string {
	if p.Empty() {
		return ""
	}
	return string(p.Files[0].After)
}

var hub = registry{"debian:13-slim": "a", "debian:13": "b", "nginx:1.31": "c", "python:3.11-slim-trixie": "d"}

func TestFixes(t *testing.T) {
	const pin, root, over, extended = "dockerfile-base-not-pinned", "dockerfile-root-user", "end-of-life", "extended-support-only"
	digest := func(letter string) string { return "@sha256:" + strings.Repeat(letter, 64) }
	for name, test := range map[string]struct {
		text     string
		resolver Resolver
		rules    []string
		want     string
	}{
		"pin":                    {"FROM  nginx:1.31  AS web # x\n", hub, []string{pin}, "FROM  nginx:1.31" + digest("c") + "  AS web # x\n"},
		"pin offline":            {"FROM nginx:1.31\n", nil, []string{pin}, ""},
		"pin what is not there":  {"FROM nginx:1.30\n", hub, []string{pin}, ""},
		"newer tag offline":      {"FROM debian:10-slim\n", nil, []string{over}, "FROM debian:13-slim\n"},
		"newer tag":              {"FROM debian:10-slim\n", hub, []string{over}, "FROM debian:13-slim\n"},
		"newer tag not there":    {"FROM debian:10-slim-x\n", hub, []string{over}, ""},
		"newer tag, pinned":      {"FROM debian:12@sha256:1 AS a\nFROM a\n", hub, []string{extended}, "FROM debian:13" + digest("b") + " AS a\nFROM a\n"},
		"pinned offline":         {"FROM debian:12@sha256:1\n", nil, []string{extended}, ""},
		"both":                   {"FROM debian:10-slim\n", hub, []string{pin, over}, "FROM debian:13-slim" + digest("a") + "\n"},
		"both, offline":          {"FROM debian:10-slim\n", nil, []string{pin, over}, "FROM debian:13-slim\n"},
		"product and system":     {"FROM python:3.8-slim-buster\n", nil, nil, "FROM python:3.11-slim-trixie\nUSER 65532:65532\n"},
		"argument":               {"ARG V=10\nFROM debian:$V\n", hub, []string{pin, over}, ""},
		"user before command":    {"FROM debian:13\nRUN x\n\n# start it\nENTRYPOINT [\"x\"]\nCMD [\"y\"]\n", nil, []string{root}, "FROM debian:13\nRUN x\n\nUSER 65532:65532\n# start it\nENTRYPOINT [\"x\"]\nCMD [\"y\"]\n"},
		"user after root":        {"FROM debian:13\nUSER root\nCMD x\nEXPOSE 8080", nil, []string{root}, "FROM debian:13\nUSER root\nUSER 65532:65532\nCMD x\nEXPOSE 8080"},
		"user after a late step": {"FROM debian:13\nCMD x\nRUN y \\\n  z", nil, []string{root}, "FROM debian:13\nCMD x\nRUN y \\\n  z\nUSER 65532:65532"},
		"user after FROM":        {"FROM debian:13 \\\n  AS x\n", nil, []string{root}, "FROM debian:13 \\\n  AS x\nUSER 65532:65532\n"},
		"user in the last stage": {"FROM debian:13 AS a\nCMD a\nFROM a\nCMD b\n", nil, []string{root}, "FROM debian:13 AS a\nCMD a\nFROM a\nUSER 65532:65532\nCMD b\n"},
		"lines of Windows":       {"FROM debian:13\r\nCMD x\r\n", nil, []string{root}, "FROM debian:13\r\nUSER 65532:65532\r\nCMD x\r\n"},
		"low port":               {"FROM debian:13\nEXPOSE 80\n", nil, []string{root}, ""},
		"two stages":             {"FROM nginx:1.31 AS a\nFROM debian:13\n", hub, []string{pin}, "FROM nginx:1.31" + digest("c") + " AS a\nFROM debian:13" + digest("b") + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			plan := fixed(t, test.text, test.resolver, test.rules...)
			if got := result(plan); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if len(plan.Refuted) > 0 || plan.Empty() && len(plan.Fixed) > 0 {
				t.Errorf("%+v", plan)
			}
			for _, s := range plan.Skipped {
				if !s.Reason.Complete() {
					t.Errorf("%s is skipped without a reason", s.Rule)
				}
			}
		})
	}
}

func TestReasons(t *testing.T) {
	for text, want := range map[string]string{"FROM nginx:1.31\n": "offline", "FROM nginx:1.30@sha256:1\n": ""} {
		plan := fixed(t, text, nil, "dockerfile-base-not-pinned")
		got := ""
		for _, s := range plan.Skipped {
			got = s.Reason.EN
		}
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestDiff(t *testing.T) {
	var b strings.Builder
	if err := fixed(t, "# x\nFROM debian:10\nCMD x\n", nil).Diff(&b, "."); err != nil {
		t.Fatal(err)
	}
	want := "-FROM debian:10\n+FROM debian:13\n+USER 65532:65532\n CMD x\n"
	if !strings.Contains(b.String(), want) {
		t.Errorf("got\n%s", b.String())
	}
}

func TestAFileThatChangedIsReadAgain(t *testing.T) {
	text := "FROM debian:10\n"
	object, err := source.Parse("Dockerfile", []byte("# gone\n\nFROM debian:10\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	id := source.ID("Dockerfile")
	b.AddNode(graph.Node{ID: id, Kind: source.Kind, Object: object, Provenance: graph.Provenance{Origin: "Dockerfile"}})
	s := newScan(t)
	found, err := s.Judge(context.Background(), b.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(context.Background(), Request{Snapshot: b.Snapshot(), Findings: found, Files: files{"Dockerfile": text}, Scan: s})
	if err != nil || !strings.HasPrefix(result(plan), "FROM debian:13\n") {
		t.Errorf("%q, %v", result(plan), err)
	}
	plan, err = Make(context.Background(), Request{Snapshot: b.Snapshot(), Findings: found, Files: files{}, Scan: s})
	if err != nil || !plan.Empty() || len(plan.Skipped) != len(found) {
		t.Errorf("without the file: %+v, %v", plan, err)
	}
}

func FuzzMake(f *testing.F) {
	f.Add("FROM debian:10 \\\n AS x\nRUN <<E\nE\nCMD x")
	s := newScan(f)
	f.Fuzz(func(t *testing.T, text string) {
		object, err := source.Parse("f", []byte(text))
		if err != nil {
			return
		}
		n := graph.Node{ID: "dockerfile:f", Kind: source.Kind, Object: object, Provenance: graph.Provenance{Origin: "f"}}
		var b graph.Builder
		b.AddNode(n)
		found, err := s.Judge(context.Background(), b.Snapshot())
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Make(context.Background(), Request{Snapshot: b.Snapshot(), Findings: found, Files: files{"f": text}, Scan: s})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Refuted) > 0 {
			t.Logf("refuted %+v", plan.Refuted)
		}
	})
}
