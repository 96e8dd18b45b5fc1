package artifact

import "strings"

// CanonicalReference writes out what a reference to an image leaves to be
// understood: "nginx" means "docker.io/library/nginx:latest". The rules are
// those of the distribution reference grammar; what is no reference comes back
// with the same additions and matches nothing.
func CanonicalReference(reference string) string {
	name, digest, _ := strings.Cut(reference, "@")
	host, path, found := strings.Cut(name, "/")
	if !found || !strings.ContainsAny(host, ".:") && host != "localhost" {
		host, path = "docker.io", name
	}
	if host == "index.docker.io" {
		host = "docker.io"
	}
	if host == "docker.io" && !strings.Contains(path, "/") {
		path = "library/" + path
	}
	tagged := strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ":")
	switch {
	case digest != "":
		return host + "/" + path + "@" + digest
	case !tagged:
		path += ":latest"
	}
	return host + "/" + path
}

// Digest is the digest in a reference, empty when it has none.
func Digest(reference string) string {
	_, digest, _ := strings.Cut(reference, "@")
	return digest
}

// Split cuts a reference into the repository written out, the tag and the
// digest. A reference with neither has the tag "latest".
func Split(reference string) (repository, tag, digest string) {
	repository, digest, _ = strings.Cut(CanonicalReference(reference), "@")
	at := strings.LastIndexByte(repository, ':')
	if at > strings.LastIndexByte(repository, '/') {
		repository, tag = repository[:at], repository[at+1:]
	}
	return repository, tag, digest
}
