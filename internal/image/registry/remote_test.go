package registry_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	server "github.com/google/go-containerregistry/pkg/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
)

func newServer() http.Handler {
	return server.New(server.WithReferrersSupport(true), server.Logger(log.New(io.Discard, "", 0)))
}

func manifest(t *testing.T, repository string, o registry.Options) (string, error) {
	t.Helper()
	r, err := registry.Open(context.Background(), registry.Location{Repository: repository, Tag: "v1"}, o)
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := r.Manifest(context.Background())
	return d.Digest.String(), err
}

func TestCredentials(t *testing.T) {
	inner := newServer()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, ok := r.BasicAuth(); !ok || name != "cook" || password != "soup" {
			w.Header().Set("WWW-Authenticate", `Basic realm="kitchen"`)
			http.Error(w, "who are you", http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	host := strings.TrimPrefix(s.URL, "http://")
	target := imagetest.Repository(t, host+"/k")
	target.Client = &auth.Client{Credential: auth.StaticCredential(host, auth.Credential{Username: "cook", Password: "soup"})}
	want := imagetest.Push(t, target, "v1", "one")

	config := t.TempDir()
	t.Setenv("DOCKER_CONFIG", config)
	if _, err := manifest(t, host+"/k", registry.Options{}); !errors.Is(err, registry.ErrDenied) {
		t.Errorf("without a login: %v", err)
	}
	if _, err := manifest(t, host+"/k", registry.Options{Username: "cook", Password: "cake"}); !errors.Is(err, registry.ErrDenied) || strings.Contains(err.Error(), "cake") {
		t.Errorf("with a wrong password: %v", err)
	}
	login := base64.StdEncoding.EncodeToString([]byte("cook:soup"))
	imagetest.Write(t, filepath.Join(config, "config.json"), fmt.Appendf(nil, `{"auths":{%q:{"auth":%q}}}`, host, login))
	if got, err := manifest(t, host+"/k", registry.Options{}); err != nil || got != want.Digest.String() {
		t.Errorf("after docker login: %s, %v", got, err)
	}
	if got, err := manifest(t, host+"/k", registry.Options{Username: "cook", Password: "soup"}); err != nil || got != want.Digest.String() {
		t.Errorf("with a password: %s, %v", got, err)
	}
	imagetest.Write(t, filepath.Join(config, "config.json"), []byte("{"))
	if _, err := registry.Open(context.Background(), registry.Location{Repository: host + "/k", Tag: "v1"}, registry.Options{}); err == nil {
		t.Error("a damaged login file is no error")
	}
}

func TestBusyRegistriesAreAskedAgain(t *testing.T) {
	inner := newServer()
	var busy atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy.Add(-1) >= 0 {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	name := strings.TrimPrefix(s.URL, "http://") + "/k"
	want := imagetest.Push(t, imagetest.Repository(t, name), "v1", "one")
	busy.Store(2)
	if got, err := manifest(t, name, registry.Options{}); err != nil || got != want.Digest.String() {
		t.Errorf("%s, %v", got, err)
	}
}

// TestLoopbackWithTLS checks that a registry on this machine is asked in the way
// that it speaks.
func TestLoopbackWithTLS(t *testing.T) {
	s := httptest.NewTLSServer(newServer())
	t.Cleanup(s.Close)
	name := strings.TrimPrefix(s.URL, "https://") + "/k"
	target, err := remote.NewRepository(name)
	if err != nil {
		t.Fatal(err)
	}
	target.Client = &auth.Client{Client: s.Client()}
	want := imagetest.Push(t, target, "v1", "one")
	if got, err := manifest(t, name, registry.Options{Transport: s.Client().Transport}); err != nil || got != want.Digest.String() {
		t.Errorf("%s, %v", got, err)
	}
	var untrusted *tls.CertificateVerificationError
	if _, err := manifest(t, name, registry.Options{Transport: &http.Transport{}}); !errors.As(err, &untrusted) {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
}

func TestLayouts(t *testing.T) {
	if _, err := registry.Open(context.Background(), registry.Location{Layout: t.TempDir(), Tag: "v1"}, registry.Options{}); err == nil || !strings.Contains(err.Error(), "no OCI image layout") {
		t.Errorf("an empty folder: %v", err)
	}
	_, folder := imagetest.Layout(t)
	r, err := registry.Open(context.Background(), registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Manifest(context.Background()); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("no such tag: %v", err)
	}
}
