// Package exception reads the decisions of people that a finding is accepted,
// from .foil.yaml, from annotations on objects, from the exception files and
// objects of Kubescape and the ignore files of grype, trivy and osv-scanner, and
// applies them to findings.
//
// An exception has an owner, a reason and an end. One that is expired,
// incomplete or matches nothing is a finding itself, so that none is forgotten.
// The package reads bytes and the snapshot it is given; it touches no files
// and no clock.
package exception
