// Package exception reads the decisions of people that a finding is accepted,
// from .foil.yaml, from annotations on objects, and from the exception files and
// objects of Kubescape, and applies them to findings.
//
// An exception has an owner, a reason and an end. One that is expired,
// incomplete or matches nothing is a finding itself, so that none is forgotten.
// The package reads bytes and the snapshot it is given; it touches no files
// and no clock.
package exception
