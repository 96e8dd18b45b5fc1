package daemon

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// caller makes gRPC calls over a socket: one message goes there, any number come
// back (gRPC over HTTP/2). Messages are bytes that others encode.
type caller struct {
	client    *http.Client
	namespace string // of containerd
}

func newCaller(socket string) *caller {
	protocols := &http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	return &caller{client: &http.Client{Transport: &http.Transport{
		Protocols: protocols,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}}
}

func (c *caller) close() { c.client.CloseIdleConnections() }

// in is the same caller in another namespace.
func (c *caller) in(namespace string) *caller { return &caller{c.client, namespace} }

const prefix = 5 // bytes before each message: compressed or not, and its length

// call starts a call.
func (c *caller) call(ctx context.Context, method string, message []byte) (*answer, error) {
	body := make([]byte, prefix, prefix+len(message))
	binary.BigEndian.PutUint32(body[1:], uint32(len(message)))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://containerd/"+method, bytes.NewReader(append(body, message...)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/grpc")
	request.Header.Set("Te", "trailers")
	request.Header.Set("Containerd-Namespace", c.namespace)
	response, err := c.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close() // there is nothing in it
		return nil, fmt.Errorf("%s: %s", method, response.Status)
	}
	return &answer{response}, nil
}

// answer is what comes back.
type answer struct{ response *http.Response }

// mostMessage bounds a message; containerd sends at most 16 MiB.
const mostMessage = 16 << 20

// next is the next message, or io.EOF after the last one of a call that went
// well.
func (a *answer) next() ([]byte, error) {
	var head [prefix]byte
	if _, err := io.ReadFull(a.response.Body, head[:]); errors.Is(err, io.EOF) {
		return nil, a.status()
	} else if err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(head[1:])
	if head[0] != 0 || length > mostMessage {
		return nil, errors.New("containerd answers in a form that was not asked for")
	}
	message := make([]byte, length)
	if _, err := io.ReadFull(a.response.Body, message); err != nil {
		return nil, fmt.Errorf("the answer of containerd was cut off: %w", err)
	}
	return message, nil
}

func (a *answer) close() { _ = a.response.Body.Close() } // nothing more is wanted of it

// errNotFound is the status of what does not exist.
var errNotFound = errors.New("not found")

// status is how a call ended: it stands behind the last message, or in the
// header when there is none.
func (a *answer) status() error {
	from := a.response.Trailer
	if from.Get("Grpc-Status") == "" {
		from = a.response.Header
	}
	message, err := url.PathUnescape(from.Get("Grpc-Message"))
	if err != nil {
		message = from.Get("Grpc-Message")
	}
	switch code := from.Get("Grpc-Status"); code {
	case "0":
		return io.EOF
	case "5":
		return fmt.Errorf("%w: %s", errNotFound, message)
	default:
		return fmt.Errorf("containerd refuses with status %q: %s", code, message)
	}
}

// one makes a call that is answered with one message.
func (c *caller) one(ctx context.Context, method string, message []byte) ([]byte, error) {
	a, err := c.call(ctx, method, message)
	if err != nil {
		return nil, err
	}
	defer a.close()
	answer, err := a.next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("containerd answers nothing")
	}
	return answer, err
}
