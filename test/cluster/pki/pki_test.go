package pki_test

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/foilsec/foil/test/cluster/pki"
)

// A server and a client with certificates of one authority trust each other,
// and the server sees the client's user and groups.
func TestServerAndClientTrustEachOther(t *testing.T) {
	authority, err := pki.NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	// What was saved and read again must sign as well as the original.
	authority, err = pki.ParseAuthority(authority.Pair())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority.Certificate())

	var subject string
	var groups []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		subject, groups = r.TLS.PeerCertificates[0].Subject.CommonName, r.TLS.PeerCertificates[0].Subject.Organization
	}))
	server.TLS = &tls.Config{
		Certificates: []tls.Certificate{keyPair(t)(authority.Server("server", []string{"localhost", "127.0.0.1"}))},
		ClientCAs:    pool, ClientAuth: tls.RequireAndVerifyClientCert,
	}
	server.StartTLS()
	defer server.Close()

	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: pool, Certificates: []tls.Certificate{keyPair(t)(authority.Client("waiter", "staff", "night-shift"))},
	}}}
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"localhost", "127.0.0.1"} {
		response, err := client.Get("https://" + net.JoinHostPort(host, port))
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	if subject != "waiter" || !slices.Equal(groups, []string{"staff", "night-shift"}) {
		t.Errorf("the server saw user %q with groups %v", subject, groups)
	}
	client.CloseIdleConnections()
}

func keyPair(t *testing.T) func(pki.Pair, error) tls.Certificate {
	return func(p pki.Pair, err error) tls.Certificate {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		c, err := tls.X509KeyPair(p.Certificate, p.Key)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func TestServiceAccountKeysBelongTogether(t *testing.T) {
	keys, err := pki.ServiceAccountKeys()
	if err != nil {
		t.Fatal(err)
	}
	public, _ := pem.Decode(keys.Certificate)
	private, _ := pem.Decode(keys.Key)
	if public == nil || private == nil {
		t.Fatal("keys are not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(private.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	want, err := x509.ParsePKIXPublicKey(public.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if signer, ok := key.(*rsa.PrivateKey); !ok || !signer.PublicKey.Equal(want) {
		t.Error("the public key is not that of the private one")
	}
}

func TestParseAuthorityRefusesGarbage(t *testing.T) {
	if _, err := pki.ParseAuthority(pki.Pair{Certificate: []byte("no"), Key: []byte("no")}); err == nil {
		t.Error("garbage was accepted")
	}
}
