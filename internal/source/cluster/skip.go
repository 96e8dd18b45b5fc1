package cluster

// skippedGroups are API groups that are not read, with the reason.
var skippedGroups = map[string]string{
	"metrics.k8s.io":                        "measurements",
	"custom.metrics.k8s.io":                 "measurements",
	"external.metrics.k8s.io":               "measurements",
	"events.k8s.io":                         "messages, gone after an hour",
	"coordination.k8s.io":                   "heartbeats",
	"internal.apiserver.k8s.io":             "bookkeeping of API servers",
	"extensions":                            "old names of kinds in other groups",
	"wgpolicyk8s.io":                        "results of other tools",
	"openreports.io":                        "results of other tools",
	"reports.kyverno.io":                    "results of other tools",
	"aquasecurity.github.io":                "results of other tools",
	"spdx.softwarecomposition.kubescape.io": "results of other tools",
}

// skippedResources are resources that are not read, with the reason.
var skippedResources = map[string]string{
	"events":                              "messages, gone after an hour",
	"endpoints":                           "deprecated; EndpointSlices say the same",
	"componentstatuses":                   "deprecated; says nothing on a current cluster",
	"controllerrevisions.apps":            "old copies of templates",
	"csistoragecapacities.storage.k8s.io": "measurements",
}

// skipped reports whether a resource is left out on purpose. Nothing of what
// is skipped says how a cluster is set up.
func skipped(group, title string) bool {
	_, byGroup := skippedGroups[group]
	_, byName := skippedResources[title]
	return byGroup || byName
}
