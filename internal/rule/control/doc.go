// Package control is the content language of controls: a
// ValidatingAdmissionPolicy with CEL expressions, plus an annotation that says
// what the control means to people. It parses, checks, compiles and evaluates
// policies on one object at a time, as an API server would at admission.
//
// A policy is compiled once for each kind it matches: what depends on the kind
// alone is folded away, what depends on settings alone is evaluated once, and
// variables that several controls share are evaluated once per object. Where a
// verdict is a failure, [Program] finds the fields that caused it.
//
// Policies come from content/controls or a folder of the user; objects come
// from a graph snapshot. The package does no I/O and knows no sources.
package control
