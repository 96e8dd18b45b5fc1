// Package license reads SPDX license expressions: which texts of packages are
// one, how it is written canonically, and what stands between its ANDs.
//
// It knows the identifiers of the SPDX license list, in the version that
// CycloneDX 1.6 refers to, and gives no opinion on what a license allows.
package license
