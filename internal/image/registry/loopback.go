package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// isLoopback reports whether a host, with or without a port, is this machine.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// handshakeTimeout is enough for a server on this machine.
const handshakeTimeout = 2 * time.Second

// speaksTLS reports whether a server on this machine takes up TLS. It matters
// not whose certificate it shows: the connection is closed again at once.
func speaksTLS(ctx context.Context, host string) bool {
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	dialer := tls.Dialer{}
	connection, err := dialer.DialContext(ctx, "tcp", host)
	if err == nil {
		_ = connection.Close()
		return true
	}
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}
