package rank

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// largeFacts are 20,000 pods in 100 namespaces, behind one Service each.
func largeFacts(b *testing.B) *Facts {
	b.Helper()
	builder := &graph.Builder{}
	for namespace := range 100 {
		text := fmt.Sprintf("{apiVersion: v1, kind: Service, metadata: {name: s, namespace: n%d}, spec: {type: LoadBalancer, selector: {app: a0}, ports: [{port: 80}]}}\n", namespace)
		for i := range 200 {
			text += fmt.Sprintf("---\n{apiVersion: v1, kind: Pod, metadata: {name: p%d, namespace: n%d, labels: {app: a%d}}, spec: {hostPID: %t}}\n", i, namespace, i%10, i%7 == 0)
		}
		if err := facttest.Add(builder, text); err != nil {
			b.Fatal(err)
		}
	}
	return derived(builder)
}

// largeFindings are 300,000 findings: 15 rules on each pod.
func largeFindings() []*finding.Finding {
	findings := make([]*finding.Finding, 0, 300_000)
	for namespace := range 100 {
		for i := range 200 {
			id := graph.ObjectID("", "Pod", fmt.Sprint("n", namespace), fmt.Sprint("p", i))
			for rule := range 15 {
				kind := []string{"harden", "fence", "server"}[min(rule/5, 1)]
				findings = append(findings, &finding.Finding{
					Rule: fmt.Sprint(kind, "-", rule), Node: id, Severity: finding.Severity(rule % 5), State: finding.Open,
				})
			}
		}
	}
	return findings
}

// BenchmarkQueue ranks and groups 300,000 findings, and tells the memory that is
// held afterwards beside the findings themselves.
func BenchmarkQueue(b *testing.B) {
	facts := largeFacts(b)
	b.ReportAllocs()
	var held uint64
	for b.Loop() {
		b.StopTimer()
		findings := largeFindings()
		before := heap()
		b.StartTimer()
		ranked := Rank(findings, facts)
		queue := Queue(ranked, kindOf, kinds, facts.Snapshot)
		b.StopTimer()
		held = heap() - before
		if len(ranked) != 300_000 || len(queue) != 20_100 {
			b.Fatalf("%d findings in %d changes", len(ranked), len(queue))
		}
		runtime.KeepAlive(queue)
		runtime.KeepAlive(findings)
		b.StartTimer()
	}
	b.ReportMetric(float64(held)/300_000, "B-held/finding")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
