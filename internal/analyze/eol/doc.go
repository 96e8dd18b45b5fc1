// Package eol judges whether software is still supported: operating systems,
// language runtimes, databases and packages in artifacts, the images that
// workloads and Dockerfiles name, what Helm deployed, and the Kubernetes, system and container
// runtime of nodes.
//
// What the ends of support are comes from feed/eol; the day is handed in. One
// cycle of one product is one finding for each artifact, workload or node, with
// everything that shows it as evidence.
package eol
