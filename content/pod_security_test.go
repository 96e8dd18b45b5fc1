package content_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// newestVersion is the last version of the Pod Security Standards that differs
// from the one before, in the library of Kubernetes that the test compares
// with. A newer library that changes the standards fails the test.
const newestVersion = 37

// TestPodSecurityStandards compares the controls of the frameworks
// pss-baseline and pss-restricted with Kubernetes' own implementation: a pod
// breaks a level of a version if and only if it breaks a control of that
// framework.
func TestPodSecurityStandards(t *testing.T) {
	reference, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	pods := generatePods(2000)
	objects := make([]control.Object, len(pods))
	for i := range pods {
		objects[i] = objectOf(podValue(t, pods[i]))
	}
	broken := map[string]bool{}
	for minor := 0; minor <= newestVersion+1; minor++ {
		version, name := api.MajorMinorVersion(1, minor), fmt.Sprintf("v1.%d", minor)
		if minor > newestVersion {
			version, name = api.LatestVersion(), "latest"
		}
		t.Run(name, func(t *testing.T) {
			set := podSecurityControls(t, name)
			for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
				comparison := podComparison{t: t, set: set, framework: "pss-" + string(level), broken: broken}
				for i, pod := range pods {
					results := reference.EvaluatePod(api.LevelVersion{Level: level, Version: version}, &pod.ObjectMeta, &pod.Spec)
					comparison.compare(objects[i], pod, policy.AggregateCheckResults(results))
				}
				comparison.finish()
			}
		})
	}
	for _, p := range podSecurityControls(t, "latest").Programs() {
		if !broken[p.ID] {
			t.Errorf("no pod breaks %s: the comparison says nothing about it", p.ID)
		}
	}
}

// TestNewestPodSecurityVersion: what a library calls the latest version is
// what the controls call it.
func TestNewestPodSecurityVersion(t *testing.T) {
	newest := 0
	for _, check := range policy.DefaultChecks() {
		for _, v := range check.Versions {
			newest = max(newest, v.MinimumVersion.Minor())
		}
	}
	if newest != newestVersion {
		t.Errorf("the Pod Security Standards changed in v1.%d, the controls were compared up to v1.%d", newest, newestVersion)
	}
}

// podSecurityControls compiles the controls of the two frameworks for one
// version of the standards.
func podSecurityControls(t *testing.T, version string) *control.Set {
	t.Helper()
	settings, err := loadSettings(t).Merge(control.Settings{"podSecurityVersion": {version}})
	if err != nil {
		t.Fatal(err)
	}
	library := loadLibrary(t)
	library.Policies = slices.DeleteFunc(library.Policies, func(p control.Policy) bool {
		return !belongsTo(&p, "pss-baseline") && !belongsTo(&p, "pss-restricted")
	})
	set, err := control.Compile(library, settings)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func belongsTo(p *control.Policy, framework string) bool {
	for _, f := range p.Frameworks {
		if f.Framework == framework {
			return true
		}
	}
	return false
}

// podComparison compares verdicts at one level of one version.
type podComparison struct {
	t               *testing.T
	set             *control.Set
	framework       string
	allowed, denied int
	broken          map[string]bool // controls that failed, in any version
}

func (c *podComparison) compare(o control.Object, pod *corev1.Pod, want policy.AggregateCheckResult) {
	evaluator := c.set.NewEvaluator()
	evaluator.Load(o)
	var failed []string
	for _, p := range c.set.Programs() {
		if !belongsTo(p.Policy, c.framework) {
			continue
		}
		switch v := evaluator.Judge(p); v.Outcome {
		case control.Failed:
			failed = append(failed, p.ID)
			c.broken[p.ID] = true
		case control.Passed:
		default:
			c.t.Fatalf("%s gives no verdict: %v", p.ID, v.Err)
		}
	}
	if want.Allowed != (len(failed) == 0) {
		text, _ := json.Marshal(pod)
		c.t.Fatalf("%s: Kubernetes says %q, the controls that fail are %v\n%s", c.framework, want.ForbiddenDetail(), failed, text)
	}
	if want.Allowed {
		c.allowed++
	} else {
		c.denied++
	}
}

// finish asks that the comparison met both verdicts often.
func (c *podComparison) finish() {
	if least := min(c.allowed, c.denied); least < 50 {
		c.t.Errorf("%s: %d pods are allowed and %d are not: the comparison says little", c.framework, c.allowed, c.denied)
	}
}

// podValue is a pod as a scan reads it.
func podValue(t *testing.T, pod *corev1.Pod) graph.Value {
	t.Helper()
	text, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	var b graph.DocumentBuilder
	addField(&b, "", fields)
	document, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return document.Root()
}

func addField(b *graph.DocumentBuilder, key string, v any) {
	var nowhere graph.Position
	switch v := v.(type) {
	case nil:
	case bool:
		b.Bool(key, v, nowhere)
	case string:
		b.String(key, v, nowhere)
	case float64:
		b.Int(key, int64(math.Round(v)), nowhere)
	case []any:
		b.OpenList(key, nowhere)
		for _, item := range v {
			addField(b, "", item)
		}
		b.Close()
	case map[string]any:
		b.OpenMap(key, nowhere)
		for name, field := range v {
			addField(b, name, field)
		}
		b.Close()
	}
}

func generatePods(n int) []*corev1.Pod {
	g := podGenerator{rand.New(rand.NewPCG(3, 4))}
	pods := make([]*corev1.Pod, n)
	for i := range pods {
		pods[i] = g.pod(i)
	}
	return pods
}
