package build_test

import (
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/dockerfile"
)

func read(t *testing.T, text string) build.File {
	t.Helper()
	object, err := dockerfile.Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return build.Of(&graph.Node{ID: "dockerfile:Dockerfile", Kind: build.Dockerfile, Object: object})
}

const recipe = `FROM golang:1.26 AS compile
RUN go build
FROM debian:13 AS base
USER 7
ONBUILD RUN make
FROM scratch AS unused
FROM base
COPY --from=compile --chown=1 /x /x
RUN ["sh", "-c", "echo a b"]
RUN ["echo", "a b"]
RUN <<E sh
two
E
`

func TestStages(t *testing.T) {
	f := read(t, recipe)
	var final, external []int
	for _, s := range f.Final() {
		final = append(final, s.Index)
	}
	for s := range f.External() {
		external = append(external, s.Index)
	}
	if got := fmt.Sprint(final, external); got != "[3 1] [0 1]" {
		t.Errorf("final and external stages are %s", got)
	}
	if user, ok := f.Last("USER"); !ok || user.Text != "7" {
		t.Errorf("the user is %q", user.Text)
	}
	if _, ok := f.Last("CMD"); ok {
		t.Error("there is no CMD")
	}
}

func TestInstructions(t *testing.T) {
	f := read(t, recipe)
	var got []string
	for in := range f.Stages[3].Instructions() {
		for from := range in.Flags("from") {
			got = append(got, "from "+from)
		}
		got = append(got, in.Keyword+" "+in.Command())
	}
	want := []string{"from compile", "COPY /x /x", "RUN echo a b", "RUN echo a b", "RUN <<E sh\ntwo\n"}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("got %q, want %q", got, want)
	}
	got = nil
	for in := range f.Stages[1].Instructions() {
		got = append(got, in.Keyword+" "+in.Text)
	}
	if fmt.Sprint(got) != "[USER 7 ONBUILD RUN make RUN make]" {
		t.Errorf("got %q", got)
	}
}
