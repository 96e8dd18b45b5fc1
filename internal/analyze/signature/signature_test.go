package signature_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/analyze/signature"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/running"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/sign"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

// asked is a checker that keeps what it was asked.
type asked struct {
	mutex  sync.Mutex
	list   map[string]int
	states map[string]trust.State // by part of the reference
}

func (a *asked) Check(_ context.Context, reference string) (trust.Result, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.list == nil {
		a.list = map[string]int{}
	}
	a.list[reference]++
	for part, state := range a.states {
		if strings.Contains(reference, part) {
			return trust.Result{Reference: reference, State: state, Reason: trust.Because(trust.NotSigned, reference)}, nil
		}
	}
	return trust.Result{}, errors.New("no such image")
}

const objects = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: d1}, spec: {template: {spec: {containers: [{name: c, image: "registry.example/web:1"}]}}}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, namespace: shop, uid: r1, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]}, spec: {template: {spec: {containers: [{name: c, image: "registry.example/web:1"}]}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1, controller: true}]}, spec: {containers: [{name: c, image: "registry.example/web:1"}]}, status: {containerStatuses: [{name: c, imageID: "registry.example/web@sha256:aa"}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: db, namespace: shop}, spec: {template: {spec: {initContainers: [{name: i, image: "registry.example/web:1"}], containers: [{name: c, image: "redis@sha256:bb"}]}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: lone, namespace: shop}, spec: {containers: [{name: c, image: nginx}, {name: d}]}, status: {containerStatuses: [{name: c, imageID: "sha256:cc"}]}}
`

func TestImagesAreAskedAboutByWhatRuns(t *testing.T) {
	a := &asked{states: map[string]trust.State{"": trust.Trusted}}
	checktest.Run(t, signature.New(a, 2), facttest.Snapshot(t, objects), nil)
	want := "map[docker.io/library/nginx:latest:1 docker.io/library/redis@sha256:bb:1 registry.example/web:1:1 registry.example/web@sha256:aa:1]"
	if got := fmt.Sprint(a.list); got != want {
		t.Errorf("asked %s\nwant  %s", got, want)
	}
}

func TestEachStateIsItsRule(t *testing.T) {
	a := &asked{states: map[string]trust.State{"web@": trust.Unsigned, "web:1": trust.Exempt, "redis": trust.NotTrusted}}
	v := checktest.Run(t, signature.New(a, 0), facttest.Snapshot(t, objects), nil)
	for rule, want := range map[string]string{
		signature.Unsigned:  "[k8s:apps/Deployment:shop/web]",
		signature.Invalid:   "[k8s:apps/Deployment:shop/db]",
		signature.Unchecked: "[k8s:Pod:shop/lone]",
	} {
		if got := fmt.Sprint(v.Failed(rule)); got != want {
			t.Errorf("%s fails %s, want %s", rule, got, want)
		}
	}
	if fmt.Sprint(v.Evaluations) != "map[image-signature-invalid:3 image-signature-unchecked:4 image-unsigned:3]" || len(v.NotEvaluable) != 2 {
		t.Errorf("evaluated %v, not evaluated %v", v.Evaluations, v.NotEvaluable)
	}
	for _, f := range v.Findings {
		if !f.Message.Complete() || len(f.Evidence) == 0 || f.Fingerprint == "" || f.Severity == 0 {
			t.Errorf("finding %+v", f)
		}
		if f.Rule == signature.Unsigned && (len(f.Evidence) != 2 || f.Evidence[1].Value != "registry.example/web@sha256:aa" || f.Evidence[1].Node != "k8s:Pod:shop/web-1-a") {
			t.Errorf("evidence %+v", f.Evidence)
		}
	}
}

func TestImagesByThemselves(t *testing.T) {
	var b graph.Builder
	for _, image := range []artifact.Artifact{
		{Form: artifact.Container, Reference: "ghcr.io/shop/k:1", Digest: "sha256:dd"},
		{Form: artifact.Container, Reference: "oci-dir:./out:v1", Digest: "sha256:ee"},
		{Form: artifact.Container, Reference: "shop.tar"},
		{Form: artifact.Container, Reference: "docker-archive:x"},
		{Form: artifact.Folder, Reference: "rootfs"},
		{Form: artifact.Container, Reference: "ran", Digest: "sha256:ff"},
	} {
		if err := artifact.Add(&b, &image, graph.Provenance{}); err != nil {
			t.Fatal(err)
		}
	}
	b.AddEdges(graph.Edge{From: "k8s:Pod:shop/p", To: graph.KeyedID(string(artifact.KindArtifact), "ran"), Kind: running.Runs})
	a := &asked{states: map[string]trust.State{"": trust.Unsigned}}
	v := checktest.Run(t, signature.New(a, 0), b.Snapshot(), nil)
	if got := fmt.Sprint(a.list); got != "map[ghcr.io/shop/k@sha256:dd:1 oci-dir:./out:v1:1]" || len(v.Findings) != 2 {
		t.Errorf("asked %s, findings %v", got, v.Findings)
	}
}

func TestStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := &asked{}
	err := signature.New(a, 0).Analyze(ctx, &analyze.Facts{Snapshot: facttest.Snapshot(t, objects)}, &checktest.Verdicts{Evaluations: map[string]int{}})
	if err == nil || len(a.list) != 0 {
		t.Errorf("%v, asked %v", err, a.list)
	}
}

func TestRules(t *testing.T) {
	for _, r := range signature.New(nil, 0).Rules() {
		if !r.Title.Complete() || !r.Risk.Complete() || !r.Advice.Complete() || r.Change == "" || r.Category == "" {
			t.Errorf("rule %+v", r)
		}
	}
}

func TestOddObjects(t *testing.T) { checktest.Odd(t, signature.New(&asked{}, 0)) }

// TestWithARealVerifier follows a pod whose tag was moved after it started: what
// runs was signed, what the tag names now is not.
func TestWithARealVerifier(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	repository := imagetest.Registry(t, true) + "/web"
	target := imagetest.Repository(t, repository)
	signed := imagetest.Push(t, target, "1", "signed")
	o := sign.Options{}
	o.Key.File, o.Key.Chain = authority.Issue(t, "cook", nil).Files(t)
	if _, err := sign.Sign(context.Background(), registry.Location{Repository: repository, Tag: "1"}, o); err != nil {
		t.Fatal(err)
	}
	imagetest.Push(t, target, "1", "moved")

	folder := t.TempDir()
	imagetest.Write(t, filepath.Join(folder, "x509", "ca", "shop", "root.pem"), imagetest.CertificatesPEM(authority.Certificate))
	policy, err := verify.ParsePolicy([]byte(`{"version":"1.0","trustPolicies":[{"name":"shop","registryScopes":["*"],"signatureVerification":{"level":"strict"},"trustStores":["ca:shop"],"trustedIdentities":["*"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := verify.New(verify.Options{Policy: policy, TrustStore: folder})
	if err != nil {
		t.Fatal(err)
	}
	pod := `{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: shop}, spec: {containers: [{name: c, image: "%s:1"}]}, status: {containerStatuses: [{name: c, imageID: %q}]}}`
	text := fmt.Sprintf(pod, "runs-signed", repository, repository+"@"+signed.Digest.String()) + "\n---\n" + fmt.Sprintf(pod, "fresh", repository, "")
	checktest.Expect(t, signature.New(verifier, 0), text, map[string]string{signature.Unsigned: "[k8s:Pod:shop/fresh]", signature.Invalid: "[]", signature.Unchecked: "[]"})
}
