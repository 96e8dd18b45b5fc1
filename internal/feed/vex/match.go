package vex

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
)

// covers reports whether a statement is about a package of an artifact: about
// the package itself, about the artifact, or about the package in the artifact.
func (st *Statement) covers(ref *Ref, pkg *purl.URL) bool {
	if st.Artifact != "" && st.Artifact != ref.Reference {
		return false
	}
	return slices.ContainsFunc(st.Products, func(p Product) bool { return p.covers(ref, pkg) })
}

func (p *Product) covers(ref *Ref, pkg *purl.URL) bool {
	if len(p.Subcomponents) == 0 {
		return p.isPackage(pkg) || p.isArtifact(ref)
	}
	return p.isArtifact(ref) && slices.ContainsFunc(p.Subcomponents, func(s Product) bool { return s.isPackage(pkg) })
}

func (p *Product) isPackage(pkg *purl.URL) bool {
	return p.url != nil && pkg.Name != "" && p.url.Covers(pkg)
}

// isArtifact reports whether a product is the artifact: by digest, by package
// URL of an image, by reference, or the platform that it is built on.
func (p *Product) isArtifact(ref *Ref) bool {
	for _, digest := range p.Digests {
		if slices.Contains(ref.Digests, digest) {
			return true
		}
	}
	switch {
	case p.url != nil:
		return isImage(p.url, ref)
	case p.CPE != "":
		return isPlatform(p.CPE, &ref.OS)
	}
	return p.ID != "" && sameImage(p.ID, ref)
}

// isImage compares a package URL of type oci or docker.
func isImage(u *purl.URL, ref *Ref) bool {
	if u.Type != "oci" && u.Type != "docker" || ref.Reference == "" {
		return false
	}
	repository, tag, _ := artifact.Split(ref.Reference)
	if u.Name != lastSegment(repository) {
		return false
	}
	if url := u.Qualifier("repository_url"); url != "" {
		named := repositoryOf(url)
		if named != repository && named+"/"+u.FullName() != repository {
			return false
		}
	} else if u.Namespace != "" && repositoryOf(u.FullName()) != repository {
		return false
	}
	if wanted := u.Qualifier("tag"); wanted != "" && wanted != tag {
		return false
	}
	switch {
	case u.Version == "":
		return true
	case strings.Contains(u.Version, ":"):
		return slices.Contains(ref.Digests, u.Version)
	}
	return u.Version == tag
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// repositoryOf writes out a repository that stands without a scheme or tag.
func repositoryOf(text string) string {
	if _, rest, found := strings.Cut(text, "://"); found {
		text = rest
	}
	repository, _, _ := artifact.Split(strings.TrimSuffix(text, "/"))
	return repository
}

// isReference reports whether a text may be a reference of an image.
func isReference(text string) bool {
	return !strings.ContainsAny(text, " \t\n") && !strings.HasPrefix(text, "urn:") && !strings.HasPrefix(text, "cpe:") && !strings.Contains(text, "://")
}

// sameImage compares references. One without tag and digest means all images of
// the repository.
func sameImage(text string, ref *Ref) bool {
	if !isReference(text) || ref.Reference == "" {
		return false
	}
	repository, tag, digest := artifact.Split(text)
	ours, ourTag, _ := artifact.Split(ref.Reference)
	switch {
	case repository != ours:
		return false
	case digest != "":
		return slices.Contains(ref.Digests, digest)
	case !strings.Contains(lastSegment(text), ":"):
		return true
	}
	return tag == ourTag
}

// isPlatform compares the CPE of a platform with the operating system. Only
// those of Red Hat are used by publishers for packages without a version.
func isPlatform(cpe string, system *artifact.OS) bool {
	vendor, product, version := cpeParts(cpe)
	if vendor != "redhat" || product != "enterprise_linux" || system.ID != "rhel" {
		return false
	}
	major, minor, _ := strings.Cut(version, ".")
	ours, ourMinor, _ := strings.Cut(system.VersionID, ".")
	return major == ours && (minor == "" || minor == ourMinor)
}

// cpeParts are vendor, product and version of a CPE in either form.
func cpeParts(cpe string) (vendor, product, version string) {
	rest, ok := strings.CutPrefix(cpe, "cpe:2.3:")
	if !ok {
		rest = strings.TrimPrefix(cpe, "cpe:/")
	}
	f := append(strings.SplitN(rest, ":", 5), "", "", "", "")
	if version = f[3]; version == "*" || version == "-" {
		version = ""
	}
	return f[1], f[2], version
}
