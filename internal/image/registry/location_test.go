package registry

import (
	"os"
	"path/filepath"
	"testing"
)

const someDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestParse(t *testing.T) {
	for text, want := range map[string]Location{
		"nginx":                            {Repository: "docker.io/library/nginx", Tag: "latest"},
		"nginx:1.29":                       {Repository: "docker.io/library/nginx", Tag: "1.29"},
		"shop/kitchen":                     {Repository: "docker.io/shop/kitchen", Tag: "latest"},
		"index.docker.io/nginx":            {Repository: "docker.io/library/nginx", Tag: "latest"},
		"localhost:5000/k":                 {Repository: "localhost:5000/k", Tag: "latest"},
		"ghcr.io/shop/k@" + someDigest:     {Repository: "ghcr.io/shop/k", Digest: someDigest},
		"ghcr.io/shop/k:1.4@" + someDigest: {Repository: "ghcr.io/shop/k", Tag: "1.4", Digest: someDigest},
		"registry:ghcr.io/shop/k:1":        {Repository: "ghcr.io/shop/k", Tag: "1"},
		"docker://ghcr.io/shop/k:1":        {Repository: "ghcr.io/shop/k", Tag: "1"},
		"oci-dir:./out":                    {Layout: "out", Repository: "local/layout", Tag: "latest"},
		"oci-dir:/a/b:v1":                  {Layout: "/a/b", Repository: "local/layout", Tag: "v1"},
		"oci:/a/b@" + someDigest:           {Layout: "/a/b", Repository: "local/layout", Digest: someDigest},
	} {
		got, err := Parse(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "NGINX", "nginx:", "nginx@", "nginx@sha256:x", "a b", "http://x/y", "oci-dir:", "nginx:a/b:c:d"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q is %+v, want an error", text, got)
		}
	}
}

func TestFoldersMayHaveColons(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out:1")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	got, err := ParseLayout(folder)
	if err != nil || got.Layout != folder || got.Tag != "latest" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:5000": true, "127.0.0.1:1": true, "[::1]:5000": true, "127.9.9.9": true,
		"localhost.example": false, "10.0.0.1:5000": false, "registry.example": false, "": false,
	} {
		if isLoopback(host) != want {
			t.Errorf("isLoopback(%q) is not %v", host, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"nginx:1@" + someDigest, "oci-dir:a:b", "registry:x/y", "@", ":"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if l, err := Parse(text); err == nil && (l.Repository == "" || l.reference() == "") {
			t.Errorf("%q is %+v", text, l)
		}
	})
}
