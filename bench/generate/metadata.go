package generate

import "fmt"

// metadata is what every object carries; an exported one also has what the API
// server wrote.
func (d *draft) metadata() mapping {
	m := mapping{{"name", d.name}}
	if d.namespace != "" {
		m = m.with("namespace", d.namespace)
	}
	m = append(m, field{"labels", d.labels()}, field{"annotations", d.annotations()})
	if d.options.ApplyFriendly {
		return m
	}
	m = append(m, mapping{
		{"creationTimestamp", d.timestamp()},
		{"generation", d.between(1, 40)},
		{"resourceVersion", fmt.Sprint(100000 + d.index*7)},
		{"uid", d.uuid()},
	}...)
	if d.kind == "ReplicaSet" || d.kind == "Pod" && d.chance(0.8) {
		m = m.with("ownerReferences", d.owners())
	}
	return m
}

func (d *draft) owners() list {
	owner := mapping{{"apiVersion", "apps/v1"}, {"kind", "Deployment"}}
	if d.kind == "Pod" {
		owner[1].value = "ReplicaSet"
	}
	return list{append(owner, mapping{{"name", d.app}, {"uid", d.uuid()}, {"controller", true}, {"blockOwnerDeletion", true}}...)}
}

// labels follow the common labels, and as in life some are missing.
func (d *draft) labels() mapping {
	m := mapping{{"app.kubernetes.io/name", d.app}}
	if d.kind == "Namespace" && !d.slips(0.8) {
		m = append(m, d.podSecurityLabels()...)
	}
	if d.slips(0.5) {
		return m
	}
	return append(m, mapping{
		{"app.kubernetes.io/instance", d.name},
		{"app.kubernetes.io/version", d.version()},
		{"app.kubernetes.io/part-of", oneOf(&d.dice, things)},
		{"app.kubernetes.io/managed-by", "Helm"},
		{"team", oneOf(&d.dice, teams)},
		{"owner", oneOf(&d.dice, people)},
		{"tier", oneOf(&d.dice, tiers)},
	}...)
}

func (d *draft) annotations() mapping {
	return mapping{
		{"burritos.example/source", "https://git.burritos.example/" + oneOf(&d.dice, teams) + "/" + d.app + "/-/tree/" + d.hex(40)},
		{"burritos.example/contact", oneOf(&d.dice, people) + "@burritos.example"},
		{"checksum/config", d.hex(64)},
		{"meta.helm.sh/release-name", d.app},
	}
}

func (d *draft) timestamp() string {
	return fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02dZ", d.between(1, 9), d.between(1, 28), d.below(24), d.below(60), d.below(60))
}
