package running

import (
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/graph"
)

const objects = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: web, image: nginx}, {name: side, image: other}], initContainers: [{name: init, image: "redis@sha256:rr"}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: moved, namespace: shop}
spec: {containers: [{name: web, image: "nginx:latest"}]}
status: {containerStatuses: [{name: web, image: "nginx:latest", imageID: "docker.io/library/nginx@sha256:old"}]}
`

func TestWorkloadsAreJoinedWithWhatTheyRun(t *testing.T) {
	s := facttest.Snapshot(t, objects)
	var b graph.Builder
	for n := range s.Nodes() {
		b.AddNode(*n)
	}
	for _, a := range []artifact.Artifact{
		{Reference: "docker.io/library/nginx:latest", Digest: "sha256:new"},
		{Reference: "nginx@sha256:old", Digest: "sha256:old"},
		{Reference: "redis:8", Digest: "sha256:rr"},
	} {
		if err := artifact.Add(&b, &a, graph.Provenance{}); err != nil {
			t.Fatal(err)
		}
	}
	read := b.Snapshot()
	Deriver{}.Derive(read, &b)
	var got []string
	for e := range b.Snapshot().Edges() {
		if e.Kind == Runs {
			got = append(got, fmt.Sprint(e.From, " ", e.To, " ", e.Evidence.Path()))
		}
	}
	want := []string{
		"k8s:Pod:shop/moved image:nginx%40sha256:old spec.containers[0].image",
		"k8s:apps/Deployment:shop/web image:docker.io%2Flibrary%2Fnginx:latest spec.template.spec.containers[0].image",
		"k8s:apps/Deployment:shop/web image:redis:8 spec.template.spec.initContainers[0].image",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
