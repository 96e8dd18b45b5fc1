package rbac

// builtinRules are the rules of the ClusterRoles that every cluster comes with
// and that people bind: manifests name them without containing them. The facts
// are those of Kubernetes 1.36; what is read there without consequence (status,
// quotas, scale) is left out.
func builtinRules(name string) ([]Rule, bool) {
	switch name {
	case "cluster-admin":
		return []Rule{
			{Verbs: []string{"*"}, Groups: []string{"*"}, Resources: []string{"*"}},
			{Verbs: []string{"*"}, URLs: []string{"*"}},
		}, true
	case "admin":
		return append(editRules(), Rule{
			Verbs: changeAndRead(), Groups: []string{Group}, Resources: []string{"roles", "rolebindings"},
		}), true
	case "edit":
		return editRules(), true
	case "view":
		return viewRules(), true
	}
	return nil, false
}

// aggregationLabels are the labels by which a ClusterRole adds its rules to a
// built-in one: edit takes in what view has, admin what edit has.
func aggregationLabels(name string) []string {
	const prefix = Group + "/aggregate-to-"
	switch name {
	case "admin":
		return []string{prefix + "admin", prefix + "edit", prefix + "view"}
	case "edit":
		return []string{prefix + "edit", prefix + "view"}
	case "view":
		return []string{prefix + "view"}
	}
	return nil
}

func editRules() []Rule {
	return append(viewRules(),
		Rule{Verbs: read(), Groups: []string{""}, Resources: []string{"pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"}},
		Rule{Verbs: []string{"impersonate"}, Groups: []string{""}, Resources: []string{"serviceaccounts"}},
		Rule{Verbs: change(), Groups: []string{""}, Resources: []string{"pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"}},
		Rule{Verbs: []string{"create"}, Groups: []string{""}, Resources: []string{"pods/eviction", "serviceaccounts/token"}},
		Rule{Verbs: change(), Groups: []string{""}, Resources: []string{"configmaps", "events", "persistentvolumeclaims", "replicationcontrollers", "secrets", "serviceaccounts", "services", "services/proxy"}},
		Rule{Verbs: change(), Groups: []string{"apps"}, Resources: []string{"daemonsets", "deployments", "replicasets", "statefulsets"}},
		Rule{Verbs: change(), Groups: []string{"batch"}, Resources: []string{"cronjobs", "jobs"}},
		Rule{Verbs: change(), Groups: []string{"autoscaling"}, Resources: []string{"horizontalpodautoscalers"}},
		Rule{Verbs: change(), Groups: []string{"networking.k8s.io"}, Resources: []string{"ingresses", "networkpolicies"}},
		Rule{Verbs: change(), Groups: []string{"policy"}, Resources: []string{"poddisruptionbudgets"}},
	)
}

func viewRules() []Rule {
	return []Rule{
		{Verbs: read(), Groups: []string{""}, Resources: []string{"configmaps", "endpoints", "events", "namespaces", "persistentvolumeclaims", "pods", "pods/log", "replicationcontrollers", "serviceaccounts", "services"}},
		{Verbs: read(), Groups: []string{"apps"}, Resources: []string{"daemonsets", "deployments", "replicasets", "statefulsets"}},
		{Verbs: read(), Groups: []string{"batch"}, Resources: []string{"cronjobs", "jobs"}},
		{Verbs: read(), Groups: []string{"autoscaling"}, Resources: []string{"horizontalpodautoscalers"}},
		{Verbs: read(), Groups: []string{"networking.k8s.io"}, Resources: []string{"ingresses", "networkpolicies"}},
		{Verbs: read(), Groups: []string{"policy"}, Resources: []string{"poddisruptionbudgets"}},
	}
}

func read() []string { return []string{"get", "list", "watch"} }

func change() []string {
	return []string{"create", "delete", "deletecollection", "patch", "update"}
}

func changeAndRead() []string { return append(change(), read()...) }
