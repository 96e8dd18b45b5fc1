// Package vuln judges the flaws of installed packages: how severe, for which
// package, since which layer, and which change removes it: an upgrade of the
// package, of all system packages, or a newer base image.
//
// Which package has which flaw is a fact that derive/affected put into the
// snapshot; this package looks nothing up. Statements of publishers (VEX) and
// the distribution's own word on packages that it patches suppress findings;
// what is suppressed stays visible with its reason.
package vuln
