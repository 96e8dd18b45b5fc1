// Package version orders versions as each package ecosystem does: Debian, RPM,
// Alpine, Semantic Versioning, PEP 440, Maven, npm, RubyGems, NuGet, Packagist,
// Pub, CRAN, Hackage.
//
// A version that its ecosystem can't read is an error, never a guess. The
// package reads nothing and knows no advisory.
package version
