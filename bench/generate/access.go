package generate

// serviceAccount is placed by the plan: each namespace gets the same accounts,
// the namespace "default" too, since every pod names one of them.
func (d *draft) serviceAccount() mapping {
	place := d.index - d.plan.namespaces
	d.name = d.plan.account(place % d.plan.accounts)
	d.namespace = d.plan.namespace(d.options.Seed, place/d.plan.accounts)
	if d.slips(0.6) {
		return nil
	}
	return mapping{{"automountServiceAccountToken", false}}
}

// role is the rules of a Role or a ClusterRole.
func (d *draft) role() mapping {
	if d.kind == "Role" {
		d.roles.add(reference{d.kind, d.namespace, d.name, d.app})
	} else {
		d.roles.add(reference{d.kind, "", d.name, d.app})
	}
	rules := list{
		rule("", list{"configmaps", "services", "endpoints"}, list{"get", "list", "watch"}),
		rule("apps", list{"deployments", "statefulsets"}, list{"get", "list"}),
	}
	for range d.below(5) {
		rules = append(rules, rule("batch", list{"jobs", "cronjobs"}, list{oneOf(&d.dice, []string{"get", "create", "delete"})}))
	}
	if d.slips(0.8) {
		rules = append(rules, oneOf(&d.dice, generousRules))
	}
	return mapping{{"rules", rules}}
}

func rule(group string, resources, verbs list) mapping {
	return mapping{{"apiGroups", list{group}}, {"resources", resources}, {"verbs", verbs}}
}

// generousRules each open a way up.
var generousRules = list{
	rule("*", list{"*"}, list{"*"}),
	rule("", list{"secrets"}, list{"get", "list", "watch"}),
	rule("", list{"pods/exec", "pods/portforward"}, list{"get", "create"}),
	rule("", list{"pods"}, list{"create", "delete"}),
	rule("", list{"users", "groups", "serviceaccounts"}, list{"impersonate"}),
	rule("", list{"serviceaccounts/token"}, list{"create"}),
	rule("", list{"nodes/proxy"}, list{"get", "create"}),
	rule("", list{"events"}, list{"delete"}),
	rule("rbac.authorization.k8s.io", list{"clusterroles", "clusterrolebindings"}, list{"create", "bind", "escalate"}),
	rule("admissionregistration.k8s.io", list{"mutatingwebhookconfigurations"}, list{"create", "update"}),
}

// binding is a RoleBinding or a ClusterRoleBinding; only the latter may not
// name a Role, and a Role must be in the binding's namespace.
func (d *draft) binding() mapping {
	role, ok := d.roles.pick(&d.dice)
	switch {
	case !ok || d.kind == "ClusterRoleBinding" && role.kind == "Role":
		role = reference{kind: "ClusterRole", name: "view"}
	case role.kind == "Role":
		d.namespace = role.namespace
	}
	if d.slips(0.1) {
		role = reference{kind: "ClusterRole", name: "cluster-admin"}
	}
	return mapping{
		{"roleRef", mapping{{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", role.kind}, {"name", role.name}}},
		{"subjects", d.subjects()},
	}
}

func (d *draft) subjects() list {
	home := d.plan.namespace(d.options.Seed, d.below(d.plan.namespaces))
	subjects := list{mapping{{"kind", "ServiceAccount"}, {"name", d.plan.account(d.below(d.plan.accounts))}, {"namespace", home}}}
	if d.chance(0.5) {
		subjects = append(subjects, mapping{{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "Group"}, {"name", "burritos:" + oneOf(&d.dice, teams)}})
	}
	if d.slips(0.1) {
		everyone := oneOf(&d.dice, []string{"system:authenticated", "system:unauthenticated"})
		subjects = append(subjects, mapping{{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "Group"}, {"name", everyone}})
	}
	return subjects
}
