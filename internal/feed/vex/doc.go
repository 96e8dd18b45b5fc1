// Package vex reads what publishers and users state about flaws in products
// (Vulnerability Exploitability eXchange): OpenVEX, CSAF 2.0 and the analyses in
// CycloneDX documents. It answers which statement holds for a flaw in a package of
// an artifact, and writes OpenVEX.
//
// It is given bytes and writers, touches no network, disk or clock, and judges
// nothing: whether a statement suppresses a finding is decided by internal/analyze/vuln.
package vex
