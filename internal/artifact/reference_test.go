package artifact

import "testing"

func TestCanonicalReference(t *testing.T) {
	for in, want := range map[string]string{
		"nginx":                         "docker.io/library/nginx:latest",
		"nginx:1.29":                    "docker.io/library/nginx:1.29",
		"shop/kitchen":                  "docker.io/shop/kitchen:latest",
		"localhost/kitchen:1":           "localhost/kitchen:1",
		"127.0.0.1:5000/kitchen":        "127.0.0.1:5000/kitchen:latest",
		"registry.k8s.io/pause:3.10":    "registry.k8s.io/pause:3.10",
		"index.docker.io/library/redis": "docker.io/library/redis:latest",
		"redis@sha256:ab":               "docker.io/library/redis@sha256:ab",
		"redis:8@sha256:ab":             "docker.io/library/redis:8@sha256:ab",
		"":                              "docker.io/library/:latest",
	} {
		if got := CanonicalReference(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for reference, want := range map[string][3]string{
		"nginx":                           {"docker.io/library/nginx", "latest", ""},
		"nginx:1.29":                      {"docker.io/library/nginx", "1.29", ""},
		"nginx:1.29@sha256:aa":            {"docker.io/library/nginx", "1.29", "sha256:aa"},
		"nginx@sha256:aa":                 {"docker.io/library/nginx", "", "sha256:aa"},
		"registry.example:5000/shop/k":    {"registry.example:5000/shop/k", "latest", ""},
		"registry.example:5000/shop/k:v1": {"registry.example:5000/shop/k", "v1", ""},
	} {
		repository, tag, digest := Split(reference)
		if got := [3]string{repository, tag, digest}; got != want {
			t.Errorf("%s: %q, want %q", reference, got, want)
		}
	}
}
