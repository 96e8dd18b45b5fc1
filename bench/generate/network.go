package generate

import "fmt"

// target is an earlier workload, or an invented one while there is none: in a
// real cluster some references lead nowhere too.
func (d *draft) target() reference {
	t, ok := d.workloads.pick(&d.dice)
	if !ok || d.slips(0.1) {
		return reference{"Deployment", d.namespace, d.name, d.app}
	}
	d.namespace = t.namespace
	return t
}

func (d *draft) service() mapping {
	t := d.target()
	d.services.add(reference{d.kind, d.namespace, d.name, t.app})
	spec := mapping{
		{"type", d.serviceType()},
		{"selector", mapping{{"app.kubernetes.io/name", t.app}}},
		{"ports", list{
			mapping{{"name", "http"}, {"port", 80}, {"protocol", "TCP"}, {"targetPort", "http"}},
			mapping{{"name", "metrics"}, {"port", 9090}, {"protocol", "TCP"}, {"targetPort", 8001}},
		}},
		{"sessionAffinity", "None"},
	}
	if !d.options.ApplyFriendly {
		spec = spec.with("clusterIP", d.address(96))
	}
	return d.withStatus(mapping{{"spec", spec}}, func() mapping { return mapping{{"loadBalancer", mapping{}}} })
}

func (d *draft) serviceType() string {
	switch {
	case d.slips(0.15):
		return "NodePort"
	case d.slips(0.1):
		return "LoadBalancer"
	}
	return "ClusterIP"
}

func (d *draft) ingress() mapping {
	s, ok := d.services.pick(&d.dice)
	if ok {
		d.namespace = s.namespace
	} else {
		s.name = d.app
	}
	host := d.name + ".burritos.example"
	backend := mapping{{"service", mapping{{"name", s.name}, {"port", mapping{{"name", "http"}}}}}}
	var paths list
	for range d.between(1, 6) {
		paths = append(paths, mapping{{"path", "/" + oneOf(&d.dice, things) + "/" + d.hex(4)}, {"pathType", "Prefix"}, {"backend", backend}})
	}
	spec := mapping{
		{"ingressClassName", "nginx"},
		{"rules", list{mapping{{"host", host}, {"http", mapping{{"paths", paths}}}}}},
	}
	if !d.slips(0.4) {
		spec = spec.with("tls", list{mapping{{"hosts", list{host}}, {"secretName", d.name + "-tls"}}})
	}
	return mapping{{"spec", spec}}
}

func (d *draft) networkPolicy() mapping {
	if d.chance(0.2) {
		return mapping{{"spec", mapping{{"podSelector", mapping{}}, {"policyTypes", list{"Ingress", "Egress"}}}}}
	}
	t := d.target()
	spec := mapping{
		{"podSelector", mapping{{"matchLabels", mapping{{"app.kubernetes.io/name", t.app}}}}},
		{"policyTypes", list{"Ingress", "Egress"}},
		{"ingress", list{mapping{{"from", d.callers()}, {"ports", list{mapping{{"protocol", "TCP"}, {"port", "http"}}}}}}},
		{"egress", list{mapping{{"to", list{mapping{{"ipBlock", mapping{
			{"cidr", "10.0.0.0/8"}, {"except", list{fmt.Sprintf("10.%d.0.0/16", d.below(256))}},
		}}}}}}}},
	}
	return mapping{{"spec", spec}}
}

func (d *draft) callers() list {
	if d.slips(0.3) {
		return list{mapping{{"namespaceSelector", mapping{}}}}
	}
	var peers list
	for range d.between(1, 5) {
		peers = append(peers, mapping{
			{"namespaceSelector", mapping{{"matchLabels", mapping{{"team", oneOf(&d.dice, teams)}}}}},
			{"podSelector", mapping{{"matchLabels", mapping{{"app.kubernetes.io/name", appName(&d.dice)}}}}},
		})
	}
	return peers
}

func (d *draft) autoscaler() mapping {
	t := d.target()
	kind := "Deployment"
	if t.kind == "StatefulSet" {
		kind = t.kind
	}
	return mapping{{"spec", mapping{
		{"scaleTargetRef", mapping{{"apiVersion", "apps/v1"}, {"kind", kind}, {"name", t.name}}},
		{"minReplicas", d.between(1, 3)},
		{"maxReplicas", d.between(4, 200)},
		{"metrics", list{mapping{{"type", "Resource"}, {"resource", mapping{
			{"name", "cpu"}, {"target", mapping{{"type", "Utilization"}, {"averageUtilization", d.between(40, 90)}}},
		}}}}},
	}}}
}

func (d *draft) disruptionBudget() mapping {
	t := d.target()
	return mapping{{"spec", mapping{
		{"maxUnavailable", 1},
		{"selector", mapping{{"matchLabels", mapping{{"app.kubernetes.io/name", t.app}}}}},
	}}}
}
