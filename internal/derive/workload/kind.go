package workload

import "github.com/foilsec/foil/internal/graph"

// The kinds that run pods.
const (
	Pod                   graph.Kind = "Pod"
	ReplicationController graph.Kind = "ReplicationController"
	Deployment            graph.Kind = "apps/Deployment"
	ReplicaSet            graph.Kind = "apps/ReplicaSet"
	DaemonSet             graph.Kind = "apps/DaemonSet"
	StatefulSet           graph.Kind = "apps/StatefulSet"
	Job                   graph.Kind = "batch/Job"
	CronJob               graph.Kind = "batch/CronJob"
	// SandboxTemplate is the template of sandboxes for agents, a custom resource.
	SandboxTemplate graph.Kind = "extensions.agents.x-k8s.io/SandboxTemplate"
)
