package advice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/feed/eol"
)

func advise(t *testing.T, a *artifact.Artifact, tags []string) string {
	t.Helper()
	data, err := eol.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	list, err := For(a, Options{Data: data, Now: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range list {
		if !one.Reason.Complete() || one.Base == "" || one.Confirmed != (tags != nil && one.Kind != Bare) {
			t.Errorf("%+v", one)
		}
		got = append(got, fmt.Sprintf("%s %s", one.Kind, one.Instead))
	}
	return strings.Join(got, ", ")
}

func on(base string) *artifact.Artifact {
	return &artifact.Artifact{Form: artifact.Container, Reference: "shop/kitchen:1", Base: artifact.Base{Reference: base}}
}

func TestBases(t *testing.T) {
	for base, want := range map[string]string{
		"debian:10":                       "supported debian:13, slimmer debian:13-slim",
		"debian:12":                       "supported debian:13, slimmer debian:13-slim",
		"debian:13":                       "slimmer debian:13-slim",
		"debian:13-slim":                  "",
		"debian:bookworm":                 "supported debian:trixie, slimmer debian:trixie-slim",
		"docker.io/library/debian:13.1":   "current docker.io/library/debian:13.6, slimmer docker.io/library/debian:13.6-slim",
		"python:3.12":                     "slimmer python:3.12-slim",
		"python:3.12.1-bookworm":          "supported python:3.12.14-trixie, slimmer python:3.12.14-slim-trixie",
		"python:3.8-slim":                 "supported python:3.11-slim",
		"node:20.1.0-alpine":              "supported node:24.19.0-alpine",
		"eclipse-temurin:21-jdk":          "slimmer eclipse-temurin:21-jre",
		"eclipse-temurin:21-jdk-noble":    "slimmer eclipse-temurin:21-jre-noble",
		"nginx:1.31":                      "slimmer nginx:1.31-alpine-slim",
		"ubuntu:24.04":                    "",
		"alpine:3.20@sha256:aa":           "supported alpine:3.23",
		"alpine:3.22":                     "supported alpine:3.23",
		"shop.example/base:3":             "",
		"gcr.io/distroless/static:latest": "",
	} {
		if got := advise(t, on(base), nil); got != want {
			t.Errorf("%s: %q, want %q", base, got, want)
		}
	}
}

func TestTagsLimitAdvice(t *testing.T) {
	if got := advise(t, on("debian:12"), []string{"13", "12", "12-slim"}); got != "supported debian:13" {
		t.Errorf("%q", got)
	}
	if got := advise(t, on("debian:12"), []string{}); got != "" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsKnownOfTheBase(t *testing.T) {
	a := on("")
	a.OS = artifact.OS{ID: "alpine", VersionID: "3.12.1"}
	if got := advise(t, a, nil); got != "supported alpine:3.23" {
		t.Errorf("by os-release: %q", got)
	}
	a = on("")
	a.Reference = "debian:10-slim"
	if got := advise(t, a, nil); got != "supported debian:13-slim" {
		t.Errorf("a base itself: %q", got)
	}
	a.Form = artifact.Folder
	if got := advise(t, a, nil); got != "" {
		t.Errorf("a folder: %q", got)
	}
}

func TestBare(t *testing.T) {
	bash := artifact.Package{Name: "bash", Version: "5", PURL: "pkg:deb/debian/bash@5"}
	for name, test := range map[string]struct {
		command []string
		pkg     artifact.Package
		want    string
	}{
		"Go":           {[]string{"/app/kitchen"}, artifact.Package{Name: "stdlib", PURL: "pkg:golang/stdlib@1.26.1", Locations: []string{"app/kitchen"}}, "bare gcr.io/distroless/static-debian13:nonroot"},
		"Go elsewhere": {[]string{"/bin/sh", "-c", "/app/kitchen"}, artifact.Package{Name: "stdlib", PURL: "pkg:golang/stdlib@1.26.1", Locations: []string{"app/kitchen"}}, ""},
		"Rust":         {[]string{"kitchen"}, artifact.Package{Name: "serde", PURL: "pkg:cargo/serde@1", Locations: []string{"kitchen"}}, "bare gcr.io/distroless/cc-debian13:nonroot"},
		"Java":         {[]string{"java", "-jar", "x"}, artifact.Package{Name: "openjdk-21-jre", Version: "21.0.4+7", PURL: "pkg:deb/debian/openjdk-21-jre@21.0.4"}, "bare gcr.io/distroless/java21-debian13:nonroot"},
		"old Node":     {[]string{"node", "x.js"}, artifact.Package{Name: "node", Version: "14.1.0", PURL: "pkg:generic/node@14.1.0"}, ""},
		"Node":         {[]string{"/usr/local/bin/node", "x.js"}, artifact.Package{Name: "node", Version: "22.1.0", PURL: "pkg:generic/node@22.1.0"}, "bare gcr.io/distroless/nodejs22-debian13:nonroot"},
		"nothing":      {nil, bash, ""},
	} {
		a := on("ubuntu:24.04")
		a.Config.Entrypoint, a.Packages = test.command, []artifact.Package{bash, test.pkg}
		if got := advise(t, a, nil); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
