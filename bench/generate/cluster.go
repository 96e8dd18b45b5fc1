package generate

import "fmt"

// namespaceObject is placed by the plan.
func (d *draft) namespaceObject() mapping {
	d.name = d.plan.namespace(d.options.Seed, d.index)
	return mapping{{"spec", mapping{{"finalizers", list{"kubernetes"}}}}}
}

// podSecurityLabels are a namespace's. Where the objects are to be applied they
// only warn: the pods of the cluster were not written to pass.
func (d *draft) podSecurityLabels() mapping {
	level := oneOf(&d.dice, []string{"baseline", "restricted", "privileged"})
	labels := mapping{{"pod-security.kubernetes.io/warn", level}}
	if d.options.ApplyFriendly {
		return labels
	}
	return labels.with("pod-security.kubernetes.io/enforce", level)
}

func (d *draft) node() mapping {
	spec := mapping{{"podCIDR", fmt.Sprintf("10.244.%d.0/24", d.index%256)}}
	return d.withStatus(mapping{{"spec", spec}}, func() mapping {
		return mapping{
			{"capacity", d.nodeSize()},
			{"allocatable", d.nodeSize()},
			{"addresses", list{mapping{{"type", "InternalIP"}, {"address", d.address(0)}}, mapping{{"type", "Hostname"}, {"address", d.name}}}},
			{"conditions", list{d.ready()}},
			{"nodeInfo", d.nodeInfo()},
		}
	})
}

func (d *draft) nodeSize() mapping {
	return mapping{{"cpu", fmt.Sprint(d.between(2, 64))}, {"memory", fmt.Sprintf("%dGi", d.between(4, 256))}, {"pods", "110"}}
}

func (d *draft) ready() mapping {
	return mapping{
		{"type", "Ready"}, {"status", "True"}, {"reason", "KubeletReady"}, {"message", "kubelet is posting ready status"},
		{"lastHeartbeatTime", d.timestamp()}, {"lastTransitionTime", d.timestamp()},
	}
}

func (d *draft) nodeInfo() mapping {
	kubelet := "v1.36.1"
	if d.slips(0.5) {
		kubelet = oneOf(&d.dice, []string{"v1.27.3", "v1.31.0", "v1.33.4"})
	}
	return mapping{
		{"architecture", "amd64"},
		{"bootID", d.uuid()},
		{"containerRuntimeVersion", "containerd://2.1.4"},
		{"kernelVersion", "6.12.30"},
		{"kubeProxyVersion", ""},
		{"kubeletVersion", kubelet},
		{"machineID", d.hex(32)},
		{"operatingSystem", "linux"},
		{"osImage", "Debian GNU/Linux 12 (bookworm)"},
		{"systemUUID", d.uuid()},
	}
}

// webhook never catches what the generator makes: the label it asks for is on
// no object, so that applying a whole cluster is not slowed or refused by it.
func (d *draft) webhook() mapping {
	policy := "Fail"
	if d.slips(0.8) {
		policy = "Ignore"
	}
	return mapping{{"webhooks", list{mapping{
		{"name", d.app + ".hooks.burritos.example"},
		{"admissionReviewVersions", list{"v1"}},
		{"clientConfig", mapping{{"service", mapping{{"namespace", d.namespace}, {"name", d.app}, {"path", "/admit"}, {"port", 443}}}}},
		{"failurePolicy", policy},
		{"objectSelector", mapping{{"matchLabels", mapping{{"burritos.example/admission", "on"}}}}},
		{"rules", list{mapping{
			{"apiGroups", list{"", "apps"}}, {"apiVersions", list{"v1"}}, {"operations", list{"CREATE", "UPDATE"}},
			{"resources", list{"pods", "deployments", "secrets"}}, {"scope", "Namespaced"},
		}}},
		{"sideEffects", "None"},
		{"timeoutSeconds", d.between(2, 10)},
	}}}}
}
