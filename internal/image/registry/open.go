package registry

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/retry"
)

// Options say how registries are reached.
type Options struct {
	PlainHTTP bool   // also where the registry is not on this machine
	Username  string // instead of what docker login has stored
	Password  string
	Transport http.RoundTripper // nil: the usual one, with retries
}

// Repository is an open location.
type Repository struct {
	Location
	graph  graph
	remote *remote.Repository // nil for a layout
}

// graph is what reading needs of a place.
type graph interface {
	content.ReadOnlyGraphStorage
	content.Resolver
}

// Open opens a location for reading. Nothing is asked of a registry yet, except
// of one on this machine, whether it speaks TLS.
func Open(ctx context.Context, l Location, o Options) (*Repository, error) {
	if l.Layout != "" {
		return openLayout(ctx, l)
	}
	r, err := openRemote(ctx, l, o)
	if err != nil {
		return nil, fmt.Errorf("open repository %s: %w", l.Repository, err)
	}
	return &Repository{Location: l, graph: r, remote: r}, nil
}

func openLayout(ctx context.Context, l Location) (*Repository, error) {
	if err := isLayout(l.Layout); err != nil {
		return nil, err
	}
	store, err := oci.NewFromFS(ctx, os.DirFS(l.Layout))
	if err != nil {
		return nil, fmt.Errorf("read the image layout %s: %w", l.Layout, classify(err))
	}
	return &Repository{Location: l, graph: store}, nil
}

// OpenWritable opens a location to add signatures to it.
func OpenWritable(ctx context.Context, l Location, o Options) (oras.GraphTarget, error) {
	if l.Layout == "" {
		r, err := openRemote(ctx, l, o)
		if err != nil {
			return nil, fmt.Errorf("open repository %s: %w", l.Repository, err)
		}
		return r, nil
	}
	if err := isLayout(l.Layout); err != nil {
		return nil, err
	}
	store, err := oci.NewWithContext(ctx, l.Layout)
	if err != nil {
		return nil, fmt.Errorf("read the image layout %s: %w", l.Layout, err)
	}
	return store, nil
}

// isLayout refuses folders that are no layout: the library would make one.
func isLayout(folder string) error {
	if _, err := os.Stat(filepath.Join(folder, "index.json")); err != nil {
		return fmt.Errorf("%s is no OCI image layout: %w", folder, err)
	}
	return nil
}

// Bounds on what a registry may make us read.
const (
	mostReferrerPages = 16
	mostMetadata      = 4 << 20
	mostRetries       = 3
	answerTimeout     = 30 * time.Second
)

func openRemote(ctx context.Context, l Location, o Options) (*remote.Repository, error) {
	r, err := remote.NewRepository(l.Repository)
	if err != nil {
		return nil, err
	}
	credential, err := credentialsFor(o)
	if err != nil {
		return nil, err
	}
	transport := o.Transport
	if transport == nil {
		transport = newTransport()
	}
	r.Client = &auth.Client{Client: &http.Client{Transport: transport}, Cache: auth.NewCache(), Credential: credential}
	r.PlainHTTP = o.PlainHTTP || isLoopback(r.Reference.Host()) && !speaksTLS(ctx, r.Reference.Host())
	r.ReferrerListMaxPages = mostReferrerPages
	r.MaxMetadataBytes = mostMetadata
	r.SkipReferrersGC = true // not every registry lets an index be deleted, and none needs it
	return r, nil
}

func newTransport() http.RoundTripper {
	plain := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	plain.ResponseHeaderTimeout = answerTimeout
	t := retry.NewTransport(plain)
	t.Policy = func() retry.Policy {
		return &retry.GenericPolicy{
			Retryable: retry.DefaultPredicate, Backoff: retry.DefaultBackoff,
			MinWait: 200 * time.Millisecond, MaxWait: 3 * time.Second, MaxRetry: mostRetries,
		}
	}
	return t
}

func credentialsFor(o Options) (auth.CredentialFunc, error) {
	if o.Username != "" || o.Password != "" {
		given := auth.Credential{Username: o.Username, Password: o.Password}
		return func(context.Context, string) (auth.Credential, error) { return given, nil }, nil
	}
	store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{})
	if err != nil {
		return nil, fmt.Errorf("read the file of docker login: %w", err)
	}
	return credentials.Credential(store), nil
}
