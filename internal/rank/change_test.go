package rank

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// kinds are kinds of change of every scope.
var kinds = map[string]ChangeKind{
	"harden": {Text: lang.Text{EN: "Harden {object}", ZH: "加固 {object}"}, Scope: ScopeObject},
	"fence":  {Text: lang.Text{EN: "Fence {namespace}", ZH: "隔离 {namespace}"}, Scope: ScopeNamespace},
	"server": {Text: lang.Text{EN: "Secure the server", ZH: "保护服务器"}, Scope: ScopeCluster},
}

// kindOf takes the kind of change from the name of a rule: "harden-1".
func kindOf(rule string) string {
	kind, _, _ := strings.Cut(rule, "-")
	return kind
}

const twoPods = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}}
`

const podA, podB = graph.NodeID("k8s:Pod:shop/a"), graph.NodeID("k8s:Pod:shop/b")

func TestQueueGroups(t *testing.T) {
	facts := factsOf(t, twoPods)
	fix := []finding.Fix{{Operation: finding.Set}}
	ranked := Rank([]*finding.Finding{
		{Rule: "harden-1", Node: podA, Severity: finding.High, State: finding.Open, Fixes: fix},
		{Rule: "harden-2", Node: podA, Severity: finding.Low, State: finding.Open, Fixes: fix},
		{Rule: "harden-3", Node: podA, Severity: finding.Critical, State: finding.Excepted},
		{Rule: "harden-4", Node: podA, Severity: finding.Critical, State: finding.Known},
		{Rule: "harden-1", Node: podB, Severity: finding.High, State: finding.Open, Fixes: fix},
		{Rule: "fence-1", Node: podA, Severity: finding.Medium, State: finding.Open, Fixes: fix},
		{Rule: "fence-1", Node: podB, Severity: finding.Medium, State: finding.Open},
		{Rule: "fence-2", Node: "k8s:Namespace:shop", Severity: finding.Medium, State: finding.Open, Fixes: fix},
		{Rule: "server-1", Node: podA, Severity: finding.Low, State: finding.Open},
		{Rule: "server-2", Node: podB, Severity: finding.Low, State: finding.Open},
		{Rule: "other-1", Node: podA, Severity: finding.Info, State: finding.Open},
		{Rule: "harden-1", Node: "group:cooks", Severity: finding.Info, State: finding.Open},
	}, facts)
	var got []string
	for _, c := range Queue(ranked, kindOf, kinds, facts.Snapshot) {
		var rules []string
		for _, i := range c.Findings {
			rules = append(rules, ranked[i].Rule)
		}
		got = append(got, fmt.Sprintf("%v %s | %s | %s | %s | %s | %v | automatic %t",
			c.Score, c.ID, c.Title.EN, c.Title.ZH, c.Severity, strings.Join(rules, " "), c.Workloads, c.Automatic))
	}
	want := []string{
		"61 harden/k8s:Pod:shop/a | Harden Pod shop/a | 加固 Pod shop/a | high | harden-1 harden-2 | [k8s:Pod:shop/a] | automatic true",
		"60 harden/k8s:Pod:shop/b | Harden Pod shop/b | 加固 Pod shop/b | high | harden-1 | [k8s:Pod:shop/b] | automatic true",
		"36 fence/k8s:Namespace:shop | Fence shop | 隔离 shop | medium | fence-1 fence-1 fence-2 | [k8s:Pod:shop/a k8s:Pod:shop/b] | automatic false",
		"11 server/cluster: | Secure the server | 保护服务器 | low | server-1 server-2 | [k8s:Pod:shop/a k8s:Pod:shop/b] | automatic false",
		"2 harden/group:cooks | Harden group:cooks | 加固 group:cooks | info | harden-1 | [] | automatic false",
		"2 other/k8s:Pod:shop/a | Change Pod shop/a | 修改 Pod shop/a | info | other-1 | [k8s:Pod:shop/a] | automatic false",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("queue\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestManySmallFaultsOutrankOne: a change that removes much comes before one
// that removes a single, slightly worse fault.
func TestManySmallFaultsOutrankOne(t *testing.T) {
	facts := factsOf(t, twoPods)
	findings := []*finding.Finding{{Rule: "harden-0", Node: podA, Severity: finding.High, State: finding.Open}}
	for i := range 12 {
		findings = append(findings, &finding.Finding{Rule: fmt.Sprint("harden-", i), Node: podB, Severity: finding.Medium, State: finding.Open})
	}
	ranked := Rank(findings, facts)
	queue := Queue(ranked, kindOf, kinds, facts.Snapshot)
	if len(queue) != 2 || queue[0].Node != podB || queue[0].Score != 63 || queue[1].Score != 60 {
		t.Errorf("queue %+v", queue)
	}
	if ranked[0].Node != podA {
		t.Error("the worst finding is not the first")
	}
	for _, c := range queue {
		if !slices.IsSorted(c.Findings) {
			t.Errorf("findings of %s are not in the order of their scores: %v", c.ID, c.Findings)
		}
	}
}

// TestQueueIsReasoned: a change shows the reasons of its best finding.
func TestQueueIsReasoned(t *testing.T) {
	facts := factsOf(t, pod("hostPID: true"))
	ranked := Rank([]*finding.Finding{
		{Rule: "harden-1", Node: webID, Severity: finding.Low, State: finding.Open},
		{Rule: "harden-2", Node: webID, Severity: finding.High, State: finding.Open},
	}, facts)
	c := Queue(ranked, kindOf, kinds, facts.Snapshot)[0]
	if len(c.Reasons) != 2 || c.Reasons[0].Sentence.EN != "High by itself." || c.Reasons[1].Factor != "privilege" || c.Score != 91.5 {
		t.Errorf("score %v for %+v", c.Score, c.Reasons)
	}
}

func TestHostileNamesFillTitlesOnce(t *testing.T) {
	facts := factsOf(t, "{apiVersion: v1, kind: Pod, metadata: {name: '{namespace}{object}', namespace: shop}}")
	id := graph.ObjectID("", "Pod", "shop", "{namespace}{object}")
	ranked := Rank([]*finding.Finding{{Rule: "harden-1", Node: id, State: finding.Open}}, facts)
	if got := Queue(ranked, kindOf, kinds, facts.Snapshot)[0].Title.EN; got != "Harden Pod shop/{namespace}{object}" {
		t.Errorf("title %q", got)
	}
}

func TestEmptyQueue(t *testing.T) {
	facts := factsOf(t, twoPods)
	if queue := Queue(Rank(nil, facts), kindOf, kinds, facts.Snapshot); len(queue) != 0 {
		t.Errorf("queue %+v", queue)
	}
}
