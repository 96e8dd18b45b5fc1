// Package daemon reads images out of the daemons that run containers: Docker and
// Podman by their HTTP interface, containerd by the three calls of its gRPC
// interface that are needed, both over a socket on this machine.
//
// It only reads. The client libraries of these daemons are not used: they are
// many times larger than what is needed of them.
package daemon
