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
