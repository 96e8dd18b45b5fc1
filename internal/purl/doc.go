// Package purl reads and writes package URLs ("pkg:npm/lodash@4.17.20"), the
// names that bills of materials, statements and advisories give to packages.
//
// It is vocabulary: it knows the grammar and what each type takes for the same
// name, and nothing of where packages come from. It touches no network, disk or
// clock. The form is that of https://github.com/package-url/purl-spec.
package purl
