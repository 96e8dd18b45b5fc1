package generate

import "fmt"

// appsWorkload is the spec of the four controllers of the group "apps".
func (d *draft) appsWorkload() mapping {
	d.workloads.add(reference{d.kind, d.namespace, d.name, d.app})
	spec := mapping{
		{"selector", mapping{{"matchLabels", d.selector()}}},
		{"template", d.template(false)},
	}
	if d.kind != "DaemonSet" {
		spec = spec.with("replicas", d.replicas())
	}
	switch d.kind {
	case "Deployment":
		spec = append(spec, d.rollout()...)
	case "StatefulSet":
		spec = append(spec, d.statefulness()...)
	case "DaemonSet":
		spec = spec.with("updateStrategy", mapping{{"type", "RollingUpdate"}, {"rollingUpdate", mapping{{"maxUnavailable", 1}}}})
	}
	return d.withStatus(mapping{{"spec", spec}}, d.workloadStatus)
}

func (d *draft) selector() mapping {
	return mapping{{"app.kubernetes.io/name", d.app}, {"app.kubernetes.io/instance", d.name}}
}

func (d *draft) template(ends bool) mapping {
	return mapping{
		{"metadata", mapping{
			{"labels", append(d.selector(), mapping{{"app.kubernetes.io/version", d.version()}, {"team", oneOf(&d.dice, teams)}}...)},
			{"annotations", mapping{{"prometheus.io/scrape", "true"}, {"prometheus.io/port", "8001"}, {"checksum/config", d.hex(64)}}},
		}},
		{"spec", d.podSpec(ends)},
	}
}

func (d *draft) replicas() int {
	if d.slips(0.6) {
		return 1
	}
	return d.between(2, 8)
}

func (d *draft) rollout() mapping {
	m := mapping{{"revisionHistoryLimit", 10}, {"progressDeadlineSeconds", 600}}
	if d.slips(0.3) {
		return m.with("strategy", mapping{{"type", "Recreate"}})
	}
	return m.with("strategy", mapping{{"type", "RollingUpdate"}, {"rollingUpdate", mapping{{"maxSurge", "25%"}, {"maxUnavailable", "25%"}}}})
}

func (d *draft) statefulness() mapping {
	claim := mapping{
		{"metadata", mapping{{"name", "state"}}},
		{"spec", d.claimSpec()},
	}
	return mapping{{"serviceName", d.app}, {"podManagementPolicy", "OrderedReady"}, {"volumeClaimTemplates", list{claim}}}
}

func (d *draft) workloadStatus() mapping {
	if d.kind == "DaemonSet" {
		n := d.between(1, 50)
		return mapping{{"currentNumberScheduled", n}, {"desiredNumberScheduled", n}, {"numberMisscheduled", 0}, {"numberReady", n}}
	}
	return mapping{{"observedGeneration", d.between(1, 40)}, {"replicas", 3}, {"readyReplicas", d.below(4)}}
}

func (d *draft) pod() mapping {
	d.workloads.add(reference{d.kind, d.namespace, d.name, d.app})
	spec := d.podSpec(false)
	if d.options.ApplyFriendly {
		return mapping{{"spec", spec}}
	}
	if d.chance(0.02) {
		spec = spec.with("ephemeralContainers", list{d.debugger()})
	}
	return mapping{
		{"spec", spec.with("nodeName", fmt.Sprintf("node-%d", d.below(50)))},
		{"status", mapping{{"phase", "Running"}, {"podIP", d.address(244)}, {"hostIP", d.address(0)}, {"qosClass", "Burstable"}, {"startTime", d.timestamp()}}},
	}
}

// debugger is what "kubectl debug" leaves in a pod for the rest of its life.
func (d *draft) debugger() mapping {
	return mapping{{"name", "debugger-" + d.hex(5)}, {"image", "busybox"}, {"stdin", true}, {"tty", true}}
}

func (d *draft) address(second int) string {
	return fmt.Sprintf("10.%d.%d.%d", second, d.below(256), d.between(1, 254))
}

func (d *draft) job() mapping {
	return d.withStatus(mapping{{"spec", d.jobSpec()}}, func() mapping {
		return mapping{{"succeeded", 1}, {"startTime", d.timestamp()}}
	})
}

func (d *draft) jobSpec() mapping {
	return mapping{
		{"backoffLimit", d.between(1, 6)},
		{"parallelism", d.between(1, 3)},
		{"completions", d.between(3, 6)},
		{"template", d.template(true)},
	}
}

func (d *draft) cronJob() mapping {
	spec := mapping{
		{"schedule", fmt.Sprintf("%d %d * * *", d.below(60), d.below(24))},
		{"concurrencyPolicy", oneOf(&d.dice, []string{"Allow", "Forbid", "Replace"})},
		{"successfulJobsHistoryLimit", d.between(1, 5)},
		{"suspend", d.chance(0.1)},
		{"jobTemplate", mapping{{"spec", d.jobSpec()}}},
	}
	return d.withStatus(mapping{{"spec", spec}}, func() mapping { return mapping{{"lastScheduleTime", d.timestamp()}} })
}

// withStatus adds what only the API server writes.
func (d *draft) withStatus(body mapping, status func() mapping) mapping {
	if d.options.ApplyFriendly {
		return body
	}
	return body.with("status", status())
}
