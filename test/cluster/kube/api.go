package kube

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// requestLimit ends requests that a starting server accepts and never answers.
const requestLimit = 20 * time.Second

const (
	jsonBody   = "application/json"
	mergePatch = "application/merge-patch+json"
)

// api talks to the API server as administrator. It is all that starting a
// cluster needs, without a client library.
type api struct {
	server string
	client *http.Client
}

// statusError is an answer of the API server that is not a success.
type statusError struct {
	code    int
	message string
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.code, e.message) }

// connect prepares requests to the API server; none is sent yet.
func (c *Cluster) connect() error {
	authority, err := c.authority()
	if err != nil {
		return err
	}
	pair, err := authority.Client(adminUser, adminGroup)
	if err != nil {
		return err
	}
	certificate, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		return fmt.Errorf("read the administrator's certificate: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority.Certificate())
	transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: pool}}
	c.api = &api{server: c.serverURL(), client: &http.Client{Transport: transport}}
	return nil
}

func (a *api) get(ctx context.Context, path string, result any) error {
	return a.call(ctx, http.MethodGet, path, "", nil, result)
}

// call sends a request and decodes the answer into result unless that is nil.
func (a *api) call(ctx context.Context, method, path, contentType string, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	answer, err := a.open(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	defer answer.Close()
	if result == nil {
		return nil
	}
	if err := json.NewDecoder(answer).Decode(result); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
}

// open sends a request and returns the body of a successful answer.
func (a *api) open(ctx context.Context, method, path, contentType string, body any) (io.ReadCloser, error) {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return nil, fmt.Errorf("%s %s: encode the body: %w", method, path, err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, a.server+path, &sent)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := a.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode/100 == 2 {
		return response.Body, nil
	}
	defer response.Body.Close()
	// What cannot be read of an error message is not worth another error.
	message, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
	return nil, fmt.Errorf("%s %s: %w", method, path, &statusError{response.StatusCode, string(bytes.TrimSpace(message))})
}

// healthy returns a check of a health address. Certificates are not checked:
// the address is on loopback, and controller manager and scheduler sign their
// own.
func healthy(url string) func(context.Context) error {
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		// Each check stands alone; nothing is left open afterwards.
		DisableKeepAlives: true,
	}}
	return func(ctx context.Context) error {
		return (&api{server: url, client: client}).get(ctx, "", nil)
	}
}
