// Package eol judges whether software is still supported: operating systems,
// language runtimes, databases and packages in artifacts, the images that
// workloads and Dockerfiles name, what Helm deployed, and the Kubernetes, system
// and container runtime of nodes.
//
// What the ends of support are comes from feed/eol; the day is handed in. The
// package reads no clock and no file. One cycle of one product is one finding for
// each artifact, workload, node or recipe, with everything that shows it as
// evidence.
package eol
