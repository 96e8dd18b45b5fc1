package registry

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// silent is a body that gives nothing until its context is done.
type silent struct{ ctx context.Context }

func (s silent) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, context.Cause(s.ctx)
}

func (silent) Close() error { return nil }

func TestABodyThatStopsToFlowIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	w := watch(ctx, silent{ctx}, time.Millisecond, cancel)
	_, err := w.Read(make([]byte, 1))
	if err == nil || !strings.Contains(err.Error(), "sent nothing for 1ms") {
		t.Errorf("error %v", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestABodyThatFlowsIsRead(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	w := watch(ctx, io.NopCloser(strings.NewReader("text")), time.Hour, cancel)
	if got, err := io.ReadAll(w); err != nil || string(got) != "text" {
		t.Errorf("%q, error %v", got, err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestPlainHTTP(t *testing.T) {
	for address, allowed := range map[string]bool{
		"http://127.0.0.1:1/": true, "http://localhost:1/": true, "http://[::1]:1/": true, "http://a.localhost/": true, "https://example.com/": true,
		"http://10.0.0.1/": false, "http://example.com/": false, "http://169.254.169.254/": false, "http://localhost.example.com/": false,
	} {
		for _, told := range []bool{false, true} {
			passed := false
			g := &guarded{next: roundTripper(func() { passed = true }), plainHTTP: told}
			if response, err := g.RoundTrip(httptest.NewRequest(http.MethodGet, address, nil)); err == nil {
				_ = response.Body.Close() // it is empty
			}
			if passed != (allowed || told) {
				t.Errorf("%s, told %t: passed %t", address, told, passed)
			}
		}
	}
}

type roundTripper func()

func (f roundTripper) RoundTrip(*http.Request) (*http.Response, error) {
	f()
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}
