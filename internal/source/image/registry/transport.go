package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// guarded refuses requests that anyone on the way could read and change.
type guarded struct {
	next      http.RoundTripper
	plainHTTP bool
}

func newTransport(o Options) http.RoundTripper {
	if o.Transport != nil {
		return &guarded{o.Transport, o.PlainHTTP}
	}
	return &guarded{&http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   15 * time.Second,
		ResponseHeaderTimeout: o.Silence,
		IdleConnTimeout:       30 * time.Second,
		DisableCompression:    true, // layers are compressed, and their digests are of what is stored
	}, o.PlainHTTP}
}

func (g *guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !g.plainHTTP && !loopback(r.URL.Hostname()) {
		return nil, fmt.Errorf("%s is spoken to without TLS, which is refused: allow it with --plain-http", r.URL.Host)
	}
	return g.next.RoundTrip(r)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// explain says what a refusal means for the user.
func explain(where fmt.Stringer, err error) error {
	var refused *transport.Error
	if !errors.As(err, &refused) {
		return fmt.Errorf("%s: %w", where, err)
	}
	switch refused.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%s: the registry refuses access: log in with docker login, or check the name: %w", where, err)
	case http.StatusNotFound:
		return fmt.Errorf("%s: the registry has no such image: %w", where, err)
	}
	return fmt.Errorf("%s: %w", where, err)
}

// watched ends a body that stops to flow.
type watched struct {
	ctx     context.Context // of the body, with the cause of its end
	body    io.ReadCloser
	timer   *time.Timer
	silence time.Duration
	cancel  context.CancelCauseFunc
}

func watch(ctx context.Context, body io.ReadCloser, silence time.Duration, cancel context.CancelCauseFunc) *watched {
	w := &watched{ctx: ctx, body: body, silence: silence, cancel: cancel}
	w.timer = time.AfterFunc(silence, func() {
		cancel(fmt.Errorf("the registry sent nothing for %s", silence))
	})
	return w
}

func (w *watched) Read(p []byte) (int, error) {
	w.timer.Reset(w.silence)
	n, err := w.body.Read(p)
	w.timer.Stop() // whoever reads may take its time
	if cause := context.Cause(w.ctx); err != nil && cause != nil {
		err = cause
	}
	return n, err
}

func (w *watched) Close() error {
	w.timer.Stop()
	w.cancel(nil)
	return w.body.Close()
}
