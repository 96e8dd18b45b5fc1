package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

// The bounds of one file. The largest exports have some 300 MB.
const (
	largestFile = 4 << 30
	longestWait = 30 * time.Minute // for the whole of a file
	firstAnswer = 30 * time.Second
	mostHops    = 5
)

// Client fetches files.
type Client struct {
	http  *http.Client
	plain bool
}

// NewClient returns a client. Plain allows addresses without TLS. Transport may
// be nil; tests give that of their server.
func NewClient(plain bool, transport http.RoundTripper) *Client {
	if transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.ResponseHeaderTimeout = firstAnswer
		transport = t
	}
	c := &Client{plain: plain}
	c.http = &http.Client{Transport: transport, Timeout: longestWait, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > mostHops {
			return fmt.Errorf("more than %d redirections", mostHops)
		}
		return c.check(r.URL)
	}}
	return c
}

// Version tells two contents of an address apart, as the server states it.
type Version struct{ ETag, LastModified string }

// File is a file that was fetched.
type File struct {
	Version

	Path string // in the folder that was given
	Size int64
	// Unchanged is true when the server says that the content is that of the
	// version that was asked with; there is no file then.
	Unchanged bool
}

// ErrAbsent is the reason when the server has no such file.
var ErrAbsent = errors.New("the server has no such file")

// Get fetches an address into a new file of the folder, unless the content is
// still that of a version.
func (c *Client) Get(ctx context.Context, address, folder string, have Version) (File, error) {
	answer, err := c.ask(ctx, http.MethodGet, address, have)
	if err != nil {
		return File{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	f := File{Version: versionOf(answer)}
	if answer.StatusCode == http.StatusNotModified {
		f.Unchanged = true
		return f, nil
	}
	if f.Path, f.Size, err = save(answer.Body, answer.ContentLength, folder); err != nil {
		return File{}, fmt.Errorf("fetch %s: %w", address, err)
	}
	return f, nil
}

// Changed asks for the version of an address, without its content.
func (c *Client) Changed(ctx context.Context, address string, have Version) (now Version, size int64, changed bool, err error) {
	answer, err := c.ask(ctx, http.MethodHead, address, have)
	if err != nil {
		return now, 0, false, err
	}
	_ = answer.Body.Close()
	now = versionOf(answer)
	same := answer.StatusCode == http.StatusNotModified || have.ETag != "" && have.ETag == now.ETag
	return now, answer.ContentLength, !same, nil
}

func (c *Client) ask(ctx context.Context, method, address string, have Version) (*http.Response, error) {
	u, err := url.Parse(address)
	if err == nil {
		err = c.check(u)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "foil")
	if have.ETag != "" {
		request.Header.Set("If-None-Match", have.ETag)
	} else if have.LastModified != "" {
		request.Header.Set("If-Modified-Since", have.LastModified)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, unwrapURL(err))
	}
	switch answer.StatusCode {
	case http.StatusOK, http.StatusNotModified:
		return answer, nil
	case http.StatusNotFound, http.StatusForbidden: // buckets that can't be listed say the second
		err = ErrAbsent
	default:
		err = fmt.Errorf("the server answers %s", answer.Status)
	}
	_ = answer.Body.Close()
	return nil, fmt.Errorf("fetch %s: %w", address, err)
}

// unwrapURL drops the address, which is said already.
func unwrapURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (c *Client) check(u *url.URL) error {
	switch {
	case u.Host == "":
		return errors.New("the address names no server")
	case u.Scheme == "https", u.Scheme == "http" && c.plain:
		return nil
	case u.Scheme == "http":
		return errors.New("the address is without TLS: use https, or allow it with --plain-http")
	}
	return fmt.Errorf("foil fetches https and oci addresses, not %q", u.Scheme)
}

func versionOf(answer *http.Response) Version {
	return Version{ETag: answer.Header.Get("ETag"), LastModified: answer.Header.Get("Last-Modified")}
}

// save writes what is read to a new file.
func save(from io.Reader, length int64, folder string) (path string, size int64, err error) {
	if length > largestFile {
		return "", 0, fmt.Errorf("it has %d MB, more than the %d that are read", length>>20, largestFile>>20)
	}
	f, err := os.CreateTemp(folder, "fetched-*")
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(f, io.LimitReader(from, largestFile+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	switch {
	case err != nil:
	case size > largestFile:
		err = fmt.Errorf("it has more than %d MB", largestFile>>20)
	case length >= 0 && size != length:
		err = fmt.Errorf("it ended after %d of %d bytes", size, length)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", 0, err
	}
	return f.Name(), size, nil
}
