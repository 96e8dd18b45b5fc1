package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/graph"
)

// saved is a source that holds a snapshot already.
type saved struct{ *graph.Snapshot }

func (s saved) Collect(_ context.Context, b *graph.Builder) error {
	for n := range s.Nodes() {
		b.AddNode(*n)
	}
	return nil
}

func TestImagesAreReadByWhatRuns(t *testing.T) {
	s := facttest.Snapshot(t, `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "nginx:1.29"}, {name: broken, image: "gone:1"}]}
status: {containerStatuses: [{name: web, image: "docker.io/library/nginx:1.29", imageID: "docker.io/library/nginx@sha256:aa"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: web, image: "nginx:1.29"}, {name: side, image: "side:2"}]}}}
`)
	var b graph.Builder
	var read []string
	r := RunningImages{Source: saved{s}, Workers: 1, Read: func(_ context.Context, reference string) (*artifact.Artifact, error) {
		read = append(read, reference)
		if strings.HasPrefix(reference, "gone") {
			return nil, errors.New("not found")
		}
		return &artifact.Artifact{Form: artifact.Container, Digest: artifact.Digest(reference)}, nil
	}}
	if err := r.Collect(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	slices.Sort(read)
	if want := "[docker.io/library/nginx:1.29@sha256:aa gone:1 side:2]"; fmt.Sprint(read) != want {
		t.Errorf("read %v, want %v", read, want)
	}
	got := b.Snapshot()
	if gaps := got.Gaps(); len(gaps) != 1 || gaps[0].Subject != "image gone:1" {
		t.Errorf("gaps %+v, want one for gone:1", gaps)
	}
	if n := got.CountOf(artifact.KindArtifact); n != 2 {
		t.Errorf("%d images, want 2", n)
	}
}
