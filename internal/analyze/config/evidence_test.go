package config

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// secretive are objects that hold credentials wherever people put them. Every
// credential holds the word marker.
const secretive = `
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: default}
stringData: {password: marker-1, token: marker-2}
data: {aws_secret_access_key: bWFya2VyLTM=marker}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: menu, namespace: default}
data:
  password: marker-4
  app.conf: "Authorization: Bearer marker-5"
  key.pem: |
    -----BEGIN RSA PRIVATE KEY-----
    marker-6
  marker-7: token=eyJhbGciOiJIUzI1NiJ9.marker.marker
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kitchen, namespace: default}
spec:
  template:
    spec:
      containers:
      - name: c
        image: nginx
        securityContext: {privileged: true}
        env:
        - {name: DB_PASSWORD, value: marker-8}
        - {name: HEADER, value: "Bearer marker-9"}
        - {name: AWS_SECRET_ACCESS_KEY, value: wJalrXUtnFEMI/marker/bPxRfiCYEXAMPLEKEY}
        - {name: DB_PASSWORD, value: marker-10}
        - {name: FROM, valueFrom: {secretKeyRef: {name: keys, key: password}}}
        envFrom: [{secretRef: {name: keys}}]
`

// TestEvidenceHoldsNoCredentials: a report goes to many places where a
// credential must not.
func TestEvidenceHoldsNoCredentials(t *testing.T) {
	r := run(t, New(compiled(t, library(t), settings(t)), 1, nil), snapshotOf(documents(t, "f.yaml", secretive)...))
	seen := map[string]int{}
	for _, f := range r.findings {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range f.Evidence {
			if strings.Contains(e.Value, "marker") {
				t.Errorf("%s shows %q", f.Rule, e.Value)
			}
		}
		if strings.Contains(strings.ReplaceAll(string(text), "marker-7", ""), "marker") {
			t.Errorf("%s holds a credential: %s", f.Rule, text)
		}
		seen[f.Rule]++
	}
	for _, rule := range []string{"credential-in-environment", "credential-in-config-map", "duplicate-environment-variable", "secret-in-environment", "privileged-container"} {
		if seen[rule] == 0 {
			t.Errorf("%s found nothing: the objects no longer try it", rule)
		}
	}
}

func TestShownValues(t *testing.T) {
	long := strings.Repeat("长", 100)
	for text, want := range map[string]string{
		"true": "true", "7": "7", "1.5": "1.5", "~": "null", "word": "word", "[a, 1, true]": "[a, 1, true]", "[]": "[]",
		"{a: b}": "", "[[a]]": "", "[{a: b}]": "",
		long: strings.Repeat("长", 66) + "…",
	} {
		v := documents(t, "f.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nv: "+text)[0].Get("v")
		if got := shown(v); got != want {
			t.Errorf("%s is shown as %q, want %q", text, got, want)
		}
	}
}

func TestScalarsOfFixes(t *testing.T) {
	for text, want := range map[string]string{
		"shop": "shop", "a.b/c-d_1": "a.b/c-d_1", "": `""`, "1": `"1"`, "-x": `"-x"`, ".5": `".5"`,
		"a: b": `"a: b"`, "a\nb": `"a\nb"`, `q"`: `"q\""`, "{x}": `"{x}"`, "# c": `"# c"`, "true": `"true"`, "null": `"null"`, "yes": `"yes"`,
	} {
		if got := scalar(text); got != want {
			t.Errorf("%q is written %s, want %s", text, got, want)
		}
	}
}

// TestOwnPolicies: a policy without metadata of ours is reported with its own
// message, and a failure without a field points at the object.
func TestOwnPolicies(t *testing.T) {
	set := compiled(t, parsed(t, policy("never", "1 == 2"), policy("broken", "object.spec.")), nil)
	r := run(t, New(set, 1, nil), snapshotOf(documents(t, "f.yaml", "\n\n{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {}}")...))
	if len(r.findings) != 1 {
		t.Fatalf("findings %+v", r.findings)
	}
	f := r.findings[0]
	if f.Rule != "never" || f.Message.EN != "refused by never" || f.State != finding.Open || f.Fingerprint != finding.NewFingerprint("never", f.Node, "") {
		t.Errorf("finding %+v", f)
	}
	if len(f.Evidence) != 1 || f.Evidence[0].Position.Line != 3 || f.Evidence[0].Position.File != "f.yaml" {
		t.Errorf("evidence %+v", f.Evidence)
	}
	if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], "broken  ") {
		t.Errorf("not evaluated: %q", r.errors)
	}
}

// TestHiddenKinds: policies for a kind that could not be read say so, and others
// do not.
func TestHiddenKinds(t *testing.T) {
	var b graph.Builder
	b.AddGap(graph.Gap{Subject: "pods", Reason: "no rights", Kinds: []graph.Kind{"Pod", "apps/Deployment"}})
	b.AddGap(graph.Gap{Subject: "f.yaml", Reason: "broken"})
	r := run(t, New(compiled(t, library(t), settings(t)), 1, nil), b.Snapshot())
	told := strings.Join(r.errors, "\n")
	for rule, want := range map[string]bool{
		"privileged-container": true, "naked-pod": true, "cron-job": false, "ingress-without-tls": false, "node-outdated-kubernetes": false,
		"object-in-default-namespace": false,
	} {
		if strings.Contains("\n"+told, "\n"+rule+"  objects of kind Pod could not be read; grant") != want {
			t.Errorf("%s is told to be evaluated: %t", rule, want)
		}
	}
	if len(r.findings) != 0 || strings.Count(told, "naked-pod") != 1 {
		t.Errorf("%d findings; not evaluated:\n%s", len(r.findings), told)
	}
}
