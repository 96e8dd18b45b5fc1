package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
)

func server(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = fmt.Fprint(w, "content")
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = fmt.Fprint(w, "content")
	})
	mux.HandleFunc("/plain", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999") })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	s := httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestGet(t *testing.T) {
	s := server(t)
	c, folder := NewClient(false, s.Client().Transport), t.TempDir()
	f, err := c.Get(t.Context(), s.URL+"/file", folder, Version{})
	if err != nil || f.Unchanged || f.Size != 7 || f.ETag != `"one"` {
		t.Fatalf("%+v %v", f, err)
	}
	if data, err := os.ReadFile(f.Path); err != nil || string(data) != "content" || filepath.Dir(f.Path) != folder {
		t.Errorf("%q %v", data, err)
	}
	if again, err := c.Get(t.Context(), s.URL+"/file", folder, f.Version); err != nil || !again.Unchanged {
		t.Errorf("asked again: %+v %v", again, err)
	}
	if _, _, changed, err := c.Changed(t.Context(), s.URL+"/file", f.Version); err != nil || changed {
		t.Errorf("changed %v, %v", changed, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := server(t)
	folder := t.TempDir()
	for address, want := range map[string]string{
		s.URL + "/short": "unexpected EOF", s.URL + "/plain": "without TLS", s.URL + "/loop": "redirections", s.URL + "/huge": "MB",
		s.URL + "/broken": "500", s.URL + "/none": ErrAbsent.Error(), "http://127.0.0.1:1/": "without TLS", "ftp://x/": `not "ftp"`, "https://": "names no server", "https://127.0.0.1:1/": "refused",
	} {
		_, err := NewClient(false, s.Client().Transport).Get(t.Context(), address, folder, Version{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), address) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
	if _, err := NewClient(false, nil).Get(t.Context(), s.URL+"/file", folder, Version{}); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody trusts: %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// push puts an artifact of titled files into a registry.
func push(t *testing.T, files map[string]string) string {
	t.Helper()
	s := httptest.NewServer(registry.New())
	t.Cleanup(s.Close)
	reference := strings.TrimPrefix(s.URL, "http://") + "/security/vuln:latest"
	image := empty.Image
	for title, content := range files {
		layer := static.NewLayer([]byte(content), "application/octet-stream")
		var err error
		if image, err = mutate.Append(image, mutate.Addendum{Layer: layer, Annotations: map[string]string{titleAnnotation: title}}); err != nil {
			t.Fatal(err)
		}
	}
	image = mutate.Annotations(image, map[string]string{createdAnnotation: "2026-11-20T00:00:00Z"}).(v1.Image)
	ref, err := name.ParseReference(reference)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, image); err != nil {
		t.Fatal(err)
	}
	return "oci://" + reference
}

func TestArtifact(t *testing.T) {
	reference := push(t, map[string]string{"osv/npm/all.zip": "zip", "kev.json": "{}"})
	folder := t.TempDir()
	a, err := NewClient(true, nil).Artifact(t.Context(), reference, folder, "")
	if err != nil || a.Created.IsZero() {
		t.Fatalf("%+v %v", a, err)
	}
	if data, err := os.ReadFile(filepath.Join(folder, "osv", "npm", "all.zip")); err != nil || string(data) != "zip" {
		t.Errorf("%q %v", data, err)
	}
	if a, err = NewClient(true, nil).Artifact(t.Context(), reference, t.TempDir(), a.Digest); err != nil || !a.Unchanged {
		t.Errorf("asked again: %+v %v", a, err)
	}
	if _, err := NewClient(false, nil).Artifact(t.Context(), reference, t.TempDir(), ""); err == nil {
		t.Error("a registry without TLS is asked")
	}
}

func TestArtifactsThatAreRefused(t *testing.T) {
	folder := t.TempDir()
	for _, title := range []string{"../outside", "/etc/outside", ""} {
		if _, err := NewClient(true, nil).Artifact(t.Context(), push(t, map[string]string{title: "x"}), folder, ""); err == nil {
			t.Errorf("%q is taken", title)
		}
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := NewClient(true, nil).Artifact(t.Context(), "oci://127.0.0.1:1/none", folder, ""); err == nil || errors.Is(err, ErrAbsent) {
		t.Errorf("no registry: %v", err)
	}
}
