package pki

import (
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
)

// Authority signs the certificates of one cluster.
type Authority struct {
	pair        Pair
	certificate *x509.Certificate
	key         crypto.PrivateKey
}

// NewAuthority makes a new authority.
func NewAuthority(name string) (*Authority, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	t, err := template(name, nil)
	if err != nil {
		return nil, err
	}
	t.IsCA = true
	t.KeyUsage |= x509.KeyUsageCertSign
	pair, err := sign(t, t, key, key)
	if err != nil {
		return nil, err
	}
	return ParseAuthority(pair)
}

// ParseAuthority reads an authority that was saved by its Pair.
func ParseAuthority(p Pair) (*Authority, error) {
	loaded, err := tls.X509KeyPair(p.Certificate, p.Key)
	if err != nil {
		return nil, fmt.Errorf("read the certificate authority: %w", err)
	}
	return &Authority{pair: p, certificate: loaded.Leaf, key: loaded.PrivateKey}, nil
}

// Pair returns the authority's own certificate and key, for saving.
func (a *Authority) Pair() Pair { return a.pair }

// Certificate returns what clients need to trust the authority, as PEM.
func (a *Authority) Certificate() []byte { return a.pair.Certificate }

// Client signs a certificate for a Kubernetes user and its groups.
func (a *Authority) Client(user string, groups ...string) (Pair, error) {
	return a.issue(user, groups, x509.ExtKeyUsageClientAuth, nil)
}

// Server signs a certificate for a server that is reached by the given names
// and addresses.
func (a *Authority) Server(name string, hosts []string) (Pair, error) {
	return a.issue(name, nil, x509.ExtKeyUsageServerAuth, hosts)
}

func (a *Authority) issue(name string, organizations []string, usage x509.ExtKeyUsage, hosts []string) (Pair, error) {
	t, err := template(name, organizations)
	if err != nil {
		return Pair{}, err
	}
	t.ExtKeyUsage = []x509.ExtKeyUsage{usage}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	key, err := newKey()
	if err != nil {
		return Pair{}, err
	}
	return sign(t, a.certificate, key, a.key)
}

func sign(t, parent *x509.Certificate, key crypto.Signer, parentKey crypto.PrivateKey) (Pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), parentKey)
	if err != nil {
		return Pair{}, fmt.Errorf("sign the certificate of %s: %w", t.Subject.CommonName, err)
	}
	private, err := privatePEM(key)
	if err != nil {
		return Pair{}, err
	}
	return Pair{Certificate: encode("CERTIFICATE", der), Key: private}, nil
}
