// Package reach knows from where a workload can be reached, and by which chain
// of objects: load balancers, node ports, Ingresses, routes of the Gateway API
// and of Istio, ports of the host.
//
// It reads a graph snapshot as declared; it does not know firewalls, DNS or
// NetworkPolicies, and judges nothing. The facts go to analyzers and ranking.
package reach
