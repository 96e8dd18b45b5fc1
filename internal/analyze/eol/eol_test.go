package eol

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/running"
	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/dockerfile"
)

var today = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func analyzer(t *testing.T, now time.Time) *Analyzer {
	t.Helper()
	db, err := feed.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Data: db, Now: now})
}

func snapshot(t *testing.T, artifacts ...*artifact.Artifact) *graph.Snapshot {
	t.Helper()
	var b graph.Builder
	for _, a := range artifacts {
		if err := artifact.Add(&b, a, graph.Provenance{}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Snapshot()
}

// said is the findings in short: rule, severity, node, product and cycle.
func said(v *checktest.Verdicts) []string {
	var list []string
	for _, f := range v.Findings {
		node, _, _ := strings.Cut(string(f.Node), ":")
		note := f.Evidence[len(f.Evidence)-1].Note.EN
		for _, e := range f.Evidence {
			if strings.Contains(e.Note.EN, ": standard support") {
				note = e.Note.EN
			}
		}
		name, _, _ := strings.Cut(note, ":")
		list = append(list, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, node, name))
	}
	slices.Sort(list)
	return list
}

func expect(t *testing.T, v *checktest.Verdicts, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := said(v); !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	prints := map[finding.Fingerprint]bool{}
	for _, f := range v.Findings {
		if prints[f.Fingerprint] {
			t.Errorf("two findings have one fingerprint: %s %s", f.Rule, f.Node)
		}
		prints[f.Fingerprint] = true
		if !f.Message.Complete() || f.Remedy == nil || !f.Remedy.Title.Complete() || strings.Contains(f.Remedy.Title.EN, "{") {
			t.Errorf("%s %s: texts are missing: %+v %+v", f.Rule, f.Node, f.Message, f.Remedy)
		}
	}
}

func pkg(name, version, purl string) artifact.Package {
	return artifact.Package{Name: name, Version: version, PURL: purl, Layer: -1}
}

func TestArtifacts(t *testing.T) {
	a := &artifact.Artifact{
		Form: artifact.Container, Reference: "shop/kitchen:1.4", OS: artifact.OS{ID: "debian", VersionID: "11", Path: "etc/os-release"},
		Packages: []artifact.Package{
			pkg("bash", "5.1-2", "pkg:deb/debian/bash@5.1-2"),
			pkg("python3.9", "3.9.2-1", "pkg:deb/debian/python3.9@3.9.2-1"),
			pkg("nodejs", "15.14.0-1nodesource1", "pkg:deb/debian/nodejs@15.14.0-1nodesource1"),
			pkg("stdlib", "1.20.3", "pkg:golang/stdlib@1.20.3"),
			pkg("spring-boot", "2.7.18", "pkg:maven/org.springframework.boot/spring-boot@2.7.18"),
			pkg("spring-boot-starter", "2.7.18", "pkg:maven/org.springframework.boot/spring-boot-starter@2.7.18"),
			pkg("react", "99.0.0", "pkg:npm/react@99.0.0"),
			{Name: "numpy", Version: "1.19.5", PURL: "pkg:pypi/numpy@1.19.5", Owner: "pkg:deb/debian/python3-numpy@1.19.5-1", Layer: -1},
		},
	}
	v := checktest.Run(t, analyzer(t, today), snapshot(t, a), nil)
	expect(t, v,
		"high end-of-life image: Debian 11",
		"high end-of-life package: Python 3.9", // the distribution has ended too
		"high end-of-life package: Node.js 15",
		"high end-of-life package: Go 1.20",
		"low extended-support-only package: Spring Boot 2.7",
	)
	if v.Evaluations[Ended] != 5 || len(v.NotEvaluable) != 0 {
		t.Errorf("evaluated %v, not %v", v.Evaluations, v.NotEvaluable)
	}
}

func TestStandardAndExtendedAreToldApart(t *testing.T) {
	a := &artifact.Artifact{Form: artifact.Container, Reference: "x", OS: artifact.OS{ID: "debian", VersionID: "12"}, Packages: []artifact.Package{
		pkg("ruby3.1", "3.1.2-7", "pkg:deb/debian/ruby3.1@3.1.2-7"),
	}}
	for day, want := range map[string][]string{
		"2026-01-01": {"info end-of-life package: Ruby 3.1"},
		"2026-05-01": {"info end-of-life-soon image: Debian 12", "info end-of-life package: Ruby 3.1"},
		"2026-06-20": {"low end-of-life-soon image: Debian 12", "info end-of-life package: Ruby 3.1"},
		"2026-07-11": {"low end-of-life-soon image: Debian 12", "info end-of-life package: Ruby 3.1"},
		"2026-07-12": {"medium extended-support-only image: Debian 12", "low end-of-life package: Ruby 3.1"},
		"2028-07-01": {"high end-of-life image: Debian 12", "high end-of-life package: Ruby 3.1"},
	} {
		now, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(day, func(t *testing.T) {
			expect(t, checktest.Run(t, analyzer(t, now), snapshot(t, a), nil), want...)
		})
	}
}

func TestPackagesOfAnUnknownDistribution(t *testing.T) {
	a := &artifact.Artifact{Form: artifact.Purls, Reference: "x", Packages: []artifact.Package{
		pkg("python3.9", "3.9.2-1", "pkg:deb/debian/python3.9@3.9.2-1"),
		pkg("node", "15.1.0", "pkg:generic/node@15.1.0"),
	}}
	expect(t, checktest.Run(t, analyzer(t, today), snapshot(t, a), nil),
		"medium end-of-life package: Python 3.9", "high end-of-life package: Node.js 15")
}

func TestLookahead(t *testing.T) {
	db, err := feed.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	a := &artifact.Artifact{Form: artifact.Container, Reference: "x", OS: artifact.OS{ID: "alpine", VersionID: "3.22.1"}} // until 2027-05-01
	s := snapshot(t, a)
	expect(t, checktest.Run(t, New(Options{Data: db, Now: today}), s, nil))
	expect(t, checktest.Run(t, New(Options{Data: db, Now: today, Lookahead: 365 * 24 * time.Hour}), s, nil),
		"info end-of-life-soon image: Alpine Linux 3.22")
}

func TestOneProductOneFinding(t *testing.T) {
	a := &artifact.Artifact{
		Form: artifact.Container, Reference: "docker.io/library/nginx:1.18", Base: artifact.Base{Reference: "debian:buster-slim"},
		Packages: []artifact.Package{pkg("nginx", "1.18.0-2~buster", "pkg:deb/debian/nginx@1.18.0-2~buster")},
	}
	v := checktest.Run(t, analyzer(t, today), snapshot(t, a), nil)
	expect(t, v, "high end-of-life image: nginx 1.18", "high end-of-life image: Debian 10")
	for _, f := range v.Findings {
		if strings.Contains(f.Message.EN, "nginx") && len(f.Evidence) != 3 {
			t.Errorf("evidence %+v: want the reference, the package and the dates", f.Evidence)
		}
	}
}

const cluster = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  template:
    spec:
      initContainers:
      - {name: wait, image: "busybox:1.30"}
      containers:
      - {name: old, image: "nginx:1.18-alpine3.12"}
      - {name: older, image: "nginx:1.17"}
      - {name: data, image: "postgres:11@sha256:aa"}
      - {name: two, image: "python:2"}
      - {name: fine, image: "nginx:1.31"}
      - {name: unknown, image: "nginx"}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cert-manager
  namespace: cert
  labels: {helm.sh/chart: cert-manager-v1.11.0, app.kubernetes.io/version: v1.11.0}
spec: {template: {spec: {containers: [{name: c, image: "mirror.example/cm:v1.11.0"}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: go
  namespace: shop
  labels: {helm.sh/chart: go-1.0.0, app.kubernetes.io/version: "1.1"}
spec: {template: {spec: {containers: [{name: c, image: "mirror.example/go:1"}]}}}
---
apiVersion: v1
kind: Node
metadata: {name: plain}
status:
  nodeInfo: {kubeletVersion: v1.29.4, osImage: "Ubuntu 20.04.6 LTS", containerRuntimeVersion: "containerd://1.6.8"}
---
apiVersion: v1
kind: Node
metadata: {name: eks}
status:
  nodeInfo: {kubeletVersion: v1.33.1-eks-036c24b, osImage: "Bottlerocket OS 1.19", containerRuntimeVersion: "cri-o://1.29"}
`

func TestClusters(t *testing.T) {
	v := checktest.Run(t, analyzer(t, today), facttest.Snapshot(t, cluster), nil)
	expect(t, v,
		"high end-of-life k8s: nginx 1.18",
		"high end-of-life k8s: nginx 1.18",
		"high end-of-life k8s: Alpine Linux 3.12",
		"high end-of-life k8s: PostgreSQL 11",
		"high end-of-life k8s: Python 2.7",
		"medium end-of-life k8s: cert-manager 1.11",
		"high end-of-life k8s: Kubernetes 1.29",
		"medium extended-support-only k8s: Ubuntu 20.04",
		"medium end-of-life k8s: containerd 1.6",
		"medium extended-support-only k8s: Amazon EKS 1.33",
	)
	for _, f := range v.Findings {
		if e := f.Evidence[0]; e.Path == "" || e.Position.Line == 0 {
			t.Errorf("%s: evidence without a place: %+v", f.Message.EN, e)
		}
	}
}

func TestImagesThatWereReadAreJudgedOnce(t *testing.T) {
	var b graph.Builder
	err := errors.Join(
		facttest.Add(&b, `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: n}, spec: {containers: [{name: c, image: "nginx:1.18"}]}}`),
		artifact.Add(&b, &artifact.Artifact{Form: artifact.Container, Reference: "nginx:1.18"}, graph.Provenance{}),
	)
	if err != nil {
		t.Fatal(err)
	}
	running.Deriver{}.Derive(b.Snapshot(), &b)
	expect(t, checktest.Run(t, analyzer(t, today), b.Snapshot(), nil), "high end-of-life image: nginx 1.18")
}

func TestWithoutDataNothingIsClean(t *testing.T) {
	s := snapshot(t, &artifact.Artifact{Form: artifact.Container, Reference: "nginx:1.18"})
	v := checktest.Run(t, New(Options{Now: today, Unavailable: errors.New("the file is damaged")}), s, nil)
	if len(v.NotEvaluable) != 3 || len(v.Findings) != 0 {
		t.Errorf("%+v", v)
	}
	late := today.AddDate(2, 0, 0)
	if v := checktest.Run(t, analyzer(t, late), s, nil); len(v.NotEvaluable) != 3 || len(v.Findings) != 1 {
		t.Errorf("with data that is too old: %+v", v)
	}
}

func TestRulesAreDescribed(t *testing.T) {
	for _, r := range analyzer(t, today).Rules() {
		if !r.Title.Complete() || !r.Risk.Complete() || !r.Advice.Complete() || r.Change == "" {
			t.Errorf("%s: a text is missing", r.ID)
		}
	}
}

func TestOddObjects(t *testing.T) { checktest.Odd(t, analyzer(t, today)) }

func TestChartName(t *testing.T) {
	for label, want := range map[string]string{
		"cert-manager-v1.13.2": "cert-manager", "postgresql-12.1.9": "postgresql", "k8s-1-2.0.0-rc.1": "k8s-1", "odd": "odd", "": "",
	} {
		if got := chartName(label); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
}

func TestDockerfiles(t *testing.T) {
	text := "FROM python:3.8-slim-buster@sha256:aa AS a\nFROM a\nFROM debian:12\nARG X\nFROM debian:13\n"
	object, err := dockerfile.Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	b.AddNode(graph.Node{ID: dockerfile.ID("Dockerfile"), Kind: dockerfile.Kind, Name: "Dockerfile", Object: object})
	v := checktest.Run(t, analyzer(t, today), b.Snapshot(), nil)
	expect(t, v,
		"high end-of-life dockerfile: Python 3.8",
		"high end-of-life dockerfile: Debian 10",
		"medium extended-support-only dockerfile: Debian 12",
	)
	for _, f := range v.Findings {
		want := `[{set  stages[0].from "python:3.11-slim-trixie@{digest}"}]`
		if f.Rule == Extended {
			want = `[{set  stages[2].from "debian:13"}]`
		}
		if got := fmt.Sprint(f.Fixes); got != want || f.Evidence[0].Position.Line == 0 {
			t.Errorf("%s: %s, want %s", f.Message.EN, got, want)
		}
	}
}
