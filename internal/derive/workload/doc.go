// Package workload knows the objects that run pods: where each kind keeps its
// pod template, which object controls which, and what a pod uses (service
// account, Secrets, ConfigMaps, claims) and is reached by (Services, routes,
// autoscalers).
//
// It reads a graph snapshot and writes edges into a builder. It must not judge
// anything; the facts go to the analyzers, to ranking and to attack paths.
package workload
