package image

import (
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/foilsec/foil/internal/source/image/imagetest"
)

// serve starts a registry on this machine, behind a handler that may interfere.
func serve(t *testing.T, around func(http.Handler) http.Handler) string {
	t.Helper()
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	if around != nil {
		handler = around(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// push puts an image into a registry, blob by blob.
func push(t *testing.T, host, repository, tag string, m *imagetest.Image, top map[string]any) {
	t.Helper()
	for name, content := range m.Files {
		digest := "sha256:" + filepath.Base(name)
		if strings.HasPrefix(name, "blobs/") {
			send(t, http.MethodPost, fmt.Sprintf("http://%s/v2/%s/blobs/uploads/?digest=%s", host, repository, digest), "application/octet-stream", content)
		}
	}
	for _, d := range manifests(m) {
		send(t, http.MethodPut, fmt.Sprintf("http://%s/v2/%s/manifests/%s", host, repository, d["digest"]), d["mediaType"].(string), m.Files["blobs/sha256/"+d["digest"].(string)[7:]])
	}
	send(t, http.MethodPut, fmt.Sprintf("http://%s/v2/%s/manifests/%s", host, repository, tag), top["mediaType"].(string), m.Files["blobs/sha256/"+top["digest"].(string)[7:]])
}

func manifests(m *imagetest.Image) []map[string]any {
	return []map[string]any{{"digest": m.Digest, "mediaType": "application/vnd.oci.image.manifest.v1+json"}}
}

func send(t *testing.T, method, address, mediaType string, content []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", mediaType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		text, _ := io.ReadAll(response.Body) // for the message only
		t.Fatalf("%s %s: %s %s", method, address, response.Status, text)
	}
}

func shop(t *testing.T) *imagetest.Image {
	return imagetest.New(t, entries{reg(database, "a=1")}, entries{reg(database, "a=1 b=1")})
}

func TestRegistry(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	host := serve(t, nil)
	m := shop(t)
	push(t, host, "team/shop", "1", m, m.Manifest())
	for _, reference := range []string{host + "/team/shop:1", "registry:" + host + "/team/shop@" + m.Digest} {
		a := read(t, Options{Reference: reference})
		if got := listed(a); !slices.Equal(got, []string{"a=1@0", "b=1@1"}) || a.Digest != m.Digest || len(a.Gaps) > 0 {
			t.Errorf("%s: %v, %+v", reference, got, a)
		}
	}
	_, err := Read(t.Context(), Options{Reference: host + "/team/shop:2", Catalog: packagesCatalog()})
	if err == nil || !strings.Contains(err.Error(), "no such image") {
		t.Errorf("error %v", err)
	}
}

func TestRegistryChoosesThePlatform(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	host := serve(t, nil)
	var list []any
	for _, architecture := range []string{"amd64", "arm64"} {
		m := imagetest.New(t, entries{reg(database, architecture+"=1")})
		m.Config["architecture"] = architecture
		d := m.Manifest()
		push(t, host, "shop", architecture, m, d)
		d["platform"] = map[string]any{"os": "linux", "architecture": architecture}
		list = append(list, d)
	}
	index := &imagetest.Image{Files: map[string][]byte{}}
	top := index.Put("application/vnd.oci.image.index.v1+json", imagetest.JSON(map[string]any{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": list}))
	send(t, http.MethodPut, "http://"+host+"/v2/shop/manifests/1", top["mediaType"].(string), index.Files["blobs/sha256/"+top["digest"].(string)[7:]])
	for _, platform := range []string{"linux/amd64", "arm64"} {
		a := read(t, Options{Reference: host + "/shop:1", Platform: platform})
		if len(a.Packages) != 1 || !strings.HasSuffix(platform, a.Packages[0].Name) {
			t.Errorf("%s: %+v", platform, a.Packages)
		}
	}
	_, err := Read(t.Context(), Options{Reference: host + "/shop:1", Platform: "linux/s390x", Catalog: packagesCatalog()})
	if err == nil || !strings.Contains(err.Error(), "choose one of linux/amd64, linux/arm64") {
		t.Errorf("error %v", err)
	}
}

func TestRegistryAsksForCredentials(t *testing.T) {
	host := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if user, password, _ := r.BasicAuth(); r.Method == http.MethodGet && (user != "me" || password != "pass") {
				w.Header().Set("WWW-Authenticate", `Basic realm="shop"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	m := shop(t)
	push(t, host, "shop", "1", m, m.Manifest())
	folder := t.TempDir()
	t.Setenv("DOCKER_CONFIG", folder)
	o := Options{Reference: host + "/shop:1", Catalog: packagesCatalog()}
	if _, err := Read(t.Context(), o); err == nil || !strings.Contains(err.Error(), "docker login") {
		t.Errorf("error %v", err)
	}
	config := imagetest.JSON(map[string]any{"auths": map[string]any{host: map[string]any{"auth": base64.StdEncoding.EncodeToString([]byte("me:pass"))}}})
	if err := os.WriteFile(filepath.Join(folder, "config.json"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	if a := read(t, o); len(a.Packages) != 2 {
		t.Errorf("packages %v", listed(a))
	}
}

func TestRegistryMirrorsAndRetries(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	var cuts atomic.Int32
	mirror := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/") && cuts.Add(1) == 2 {
				w.Header().Set("Content-Length", "100000")
				_, _ = w.Write([]byte{0x1f, 0x8b}) // and then the connection ends
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	m := shop(t)
	push(t, mirror, "copies/library/shop", "1", m, m.Manifest())
	o := Options{Reference: "shop:1", Registry: Registry{Mirrors: map[string][]string{"docker.io": {"127.0.0.1:1", mirror + "/copies"}}}}
	a := read(t, o)
	if got := listed(a); len(got) != 2 || len(a.Gaps) > 0 {
		t.Errorf("packages %v, gaps %v", got, a.Gaps)
	}
}

func TestRegistryWithoutTLSElsewhereIsRefused(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	_, err := Read(t.Context(), Options{Reference: "10.1.2.3:5000/shop:1", Catalog: packagesCatalog()})
	if err == nil || !strings.Contains(err.Error(), "without TLS") {
		t.Errorf("error %v", err)
	}
}

// socket serves HTTP on a socket in a folder of its own.
func socket(t *testing.T, handler http.Handler) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "s") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}}
	server.Start()
	t.Cleanup(func() {
		server.Close()
		_ = os.RemoveAll(folder) // it is in the folder for temporary files
	})
	return path
}

func TestDockerAndPodmanSaveOverTheirSockets(t *testing.T) {
	content := shop(t).Saved("shop:1").Bytes(t)
	path := socket(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _ := url.PathUnescape(r.URL.EscapedPath())
		if name != "/images/team/shop:1/get" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"message":"no such image"}`))
			return
		}
		_, _ = w.Write(content)
	}))
	for _, scheme := range []string{"docker:", "podman:"} {
		o := Options{Reference: scheme + "team/shop:1", Sockets: Sockets{Docker: path, Podman: path}, Catalog: packagesCatalog()}
		if a := read(t, o); len(a.Packages) != 2 {
			t.Errorf("%s: %v", scheme, listed(a))
		}
		o.Reference = scheme + "none"
		if _, err := Read(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no such image") {
			t.Errorf("error %v", err)
		}
	}
	_, err := Read(t.Context(), Options{Reference: "docker:x", Sockets: Sockets{Docker: "/none"}, Catalog: packagesCatalog()})
	if err == nil || !strings.Contains(err.Error(), "not running") {
		t.Errorf("error %v", err)
	}
}
