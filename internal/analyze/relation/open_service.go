package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// openService finds Services that answered a network scan without asking who
// calls. Kubescape's scanner leaves its results in the cluster as objects;
// without them there is nothing to judge.
func openService() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "service-without-authentication",
			Aliases: []string{"C-0274"},
			Title:   lang.Text{EN: "Service answers without authentication", ZH: "Service 无需认证即应答"},
			Risk: lang.Text{
				EN: "Whoever reaches the Service in the cluster reads and changes what it holds.",
				ZH: "在集群内能访问该 Service 者可读取并修改其内容。",
			},
			Advice: lang.Text{
				EN: "Switch authentication on, and let a NetworkPolicy admit only its callers.",
				ZH: "启用认证，并用 NetworkPolicy 仅放行其调用者。",
			},
			Severity:   finding.High,
			Category:   "network",
			Techniques: []string{"MS-TA9034"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			Fix: control.Fix{Change: "reduce-exposure"},
		},
		Needs: []graph.Kind{serviceScan},
		Judge: func(f *facts, v *check.Verdicts) {
			for scan := range f.snapshot.OfKind(serviceScan) {
				service, ok := f.snapshot.Node(graph.ObjectID("", "Service", scan.Namespace, scan.Name))
				if !ok {
					continue
				}
				open := openPorts(scan, service)
				if len(open) == 0 {
					v.Pass(service)
					continue
				}
				v.Fail(service, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s answers without authentication.",
						ZH: "%s 无需认证即应答。",
					}, check.Name(service.ID)),
					Evidence: open,
				})
			}
		},
	}
}

const serviceScan graph.Kind = "kubescape.io/ServiceScanResult"

// openPorts are the ports of a Service that a scan found open to everybody.
func openPorts(scan, service *graph.Node) []finding.Evidence {
	var open []finding.Evidence
	for _, result := range scan.Object.At("spec", "ports").Items() {
		authenticated, known := result.Get("authenticated").Bool()
		number, _ := result.Get("port").Int()
		if !known || authenticated {
			continue
		}
		for _, port := range service.Object.At("spec", "ports").Items() {
			if own, _ := port.Get("port").Int(); own == number {
				open = append(open, check.At(port.Get("port")), check.Of(scan.ID, result.Get("authenticated")))
			}
		}
	}
	return open
}
