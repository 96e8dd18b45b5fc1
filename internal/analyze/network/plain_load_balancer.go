package network

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// plainLoadBalancer finds load balancers on public addresses, and Ingresses
// behind an internal one that do not end TLS.
func plainLoadBalancer() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "plain-load-balancer",
			Aliases: []string{"C-0245"},
			Title:   lang.Text{EN: "Load balancer takes public traffic without TLS", ZH: "负载均衡器以明文接收公网流量"},
			Risk: lang.Text{
				EN: "Whoever is between the caller and the cluster reads and changes what they exchange.",
				ZH: "位于调用者与集群之间者可读取并篡改双方的通信。",
			},
			Advice: lang.Text{
				EN: "Make the load balancer internal and publish the application through an Ingress with a TLS certificate.",
				ZH: "将负载均衡器设为内部，并通过带 TLS 证书的 Ingress 发布应用。",
			},
			Severity:   finding.Medium,
			Category:   "network",
			Techniques: []string{"MS-TA9004"},
			Frameworks: []finding.Reference{
				{Framework: "cis-aks-t1.8.0"},
				{Framework: "cis-aks-t1.2.0"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"},
			Fix:        control.Fix{Change: "secure-ingress"},
		},
		Judge: func(f *facts, v *check.Verdicts) {
			internal := false
			for n := range f.snapshot.OfKind(workload.Service) {
				kind := n.Object.At("spec", "type")
				if kind.Str() != "LoadBalancer" {
					continue
				}
				if reach.IsInternal(n) {
					internal = internal || n.Object.At("metadata", "annotations").Get(azureInternal).Exists()
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s takes traffic on a public address as it comes, without TLS of an Ingress in front.",
						ZH: "%s 在公网地址上直接接收流量，前面没有终止 TLS 的 Ingress。",
					}, check.Name(n.ID)),
					Evidence: []finding.Evidence{check.At(kind)},
				})
			}
			if internal {
				f.judgeAzureIngresses(v)
			}
		},
	}
}

const azureInternal = "service.beta.kubernetes.io/azure-load-balancer-internal"

// judgeAzureIngresses judges the Ingresses of a cluster on Azure whose load
// balancers are internal: those are its doors.
func (f *facts) judgeAzureIngresses(v *check.Verdicts) {
	const classKey, gateway = "kubernetes.io/ingress.class", "azure/application-gateway"
	for n := range f.snapshot.OfKind(reach.Ingresses()...) {
		class := n.Object.At("metadata", "annotations").Get(classKey)
		switch {
		case n.Object.At("spec", "tls").Len() == 0:
			v.Fail(n, check.Fault{
				Message:  check.Say(lang.Text{EN: "%s does not end TLS.", ZH: "%s 未终止 TLS。"}, check.Name(n.ID)),
				Evidence: []finding.Evidence{check.Unset(n.Object.Get("spec"), "tls")},
			})
		case class.Exists() && class.Str() != gateway:
			v.Fail(n, check.Fault{
				Message: check.Say(lang.Text{
					EN: "%s is not served by the application gateway.",
					ZH: "%s 未由应用程序网关提供服务。",
				}, check.Name(n.ID)),
				Evidence: []finding.Evidence{check.At(class)},
			})
		default:
			v.Pass(n)
		}
	}
}
