// Package version orders versions as each package ecosystem does: dpkg, rpm and
// apk of distributions, Semantic Versioning, PEP 440, Maven, RubyGems, NuGet,
// Packagist, Pub, CRAN, Hackage and Conan.
//
// A version that its ecosystem can't read is an error, never a guess. Comparing
// takes time that grows with the length of the versions, which is bounded, and
// as a rule no memory. The package reads nothing and knows no advisory.
package version
