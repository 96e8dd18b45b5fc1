package imagetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Authority certifies signers, and answers about those it withdrew.
type Authority struct {
	Certificate *x509.Certificate
	Key         *ecdsa.PrivateKey
	OCSP, CRL   string       // addresses
	Answers     atomic.Int64 // how often it was asked

	mutex   sync.Mutex
	revoked map[string]time.Time // by serial number
	serial  int64
	down    atomic.Bool
}

// Day is a unit for validities.
const Day = 24 * time.Hour

// NewAuthority makes an authority with a root certificate of a name.
func NewAuthority(t testing.TB, name string) *Authority {
	t.Helper()
	a := &Authority{Key: NewKey(t), revoked: map[string]time.Time{}, serial: 1}
	a.Certificate = a.certify(t, &x509.Certificate{
		Subject: Subject(name), IsCA: true, BasicConstraintsValid: true, MaxPathLen: 2,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, nil, &a.Key.PublicKey)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.Answers.Add(1)
		if a.down.Load() {
			http.Error(w, "closed", http.StatusServiceUnavailable)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/ocsp") { // no mux: it mends paths, and a question may hold two slashes
			a.answerOCSP(w, r)
			return
		}
		a.answerCRL(w, r)
	}))
	t.Cleanup(server.Close)
	a.OCSP, a.CRL = server.URL+"/ocsp", server.URL+"/list.crl"
	return a
}

// Subject is a name with what trust policies want in it.
func Subject(name string) pkix.Name {
	return pkix.Name{Country: []string{"DE"}, Province: []string{"Berlin"}, Organization: []string{"Shop"}, CommonName: name}
}

// NewKey makes a key.
func NewKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certify signs a certificate; without an issuer it is its own.
func (a *Authority) certify(t testing.TB, template, issuer *x509.Certificate, key crypto.PublicKey) *x509.Certificate {
	t.Helper()
	if template.NotBefore.IsZero() {
		template.NotBefore = time.Now().Add(-Day)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(90 * Day)
	}
	a.mutex.Lock()
	template.SerialNumber = big.NewInt(a.serial)
	a.serial++
	a.mutex.Unlock()
	if issuer == nil {
		issuer = template
		template.NotBefore, template.NotAfter = time.Now().Add(-3650*Day), time.Now().Add(3650*Day)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key, a.Key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Signer is a key with its certificates, its own first.
type Signer struct {
	Key   *ecdsa.PrivateKey
	Chain []*x509.Certificate
}

// Issue certifies a signer of code with a name. Change may alter the
// certificate first, nil changes nothing.
func (a *Authority) Issue(t testing.TB, name string, change func(*x509.Certificate)) Signer {
	t.Helper()
	key := NewKey(t)
	template := &x509.Certificate{
		Subject: Subject(name), KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	}
	if change != nil {
		change(template)
	}
	return Signer{Key: key, Chain: []*x509.Certificate{a.certify(t, template, a.Certificate, &key.PublicKey), a.Certificate}}
}

// WithOCSP makes a certificate name the authority's OCSP server.
func (a *Authority) WithOCSP(c *x509.Certificate) { c.OCSPServer = []string{a.OCSP} }

// WithCRL makes a certificate name the authority's revocation list.
func (a *Authority) WithCRL(c *x509.Certificate) { c.CRLDistributionPoints = []string{a.CRL} }

// Revoke withdraws a certificate.
func (a *Authority) Revoke(c *x509.Certificate) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.revoked[c.SerialNumber.String()] = time.Now().Add(-time.Hour).Truncate(time.Second)
}

// Close makes the authority answer no more.
func (a *Authority) Close() { a.down.Store(true) }

// answerAge is how old every answer of an authority is.
const answerAge = 2*time.Hour + 30*time.Minute

func (a *Authority) answerOCSP(w http.ResponseWriter, r *http.Request) {
	request, err := ocsp.ParseRequest(ocspRequest(r))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer := ocsp.Response{
		Status: ocsp.Good, SerialNumber: request.SerialNumber,
		ThisUpdate: time.Now().Add(-answerAge), NextUpdate: time.Now().Add(Day),
	}
	a.mutex.Lock()
	if at, ok := a.revoked[request.SerialNumber.String()]; ok {
		answer.Status, answer.RevokedAt = ocsp.Revoked, at
	}
	a.mutex.Unlock()
	data, err := ocsp.CreateResponse(a.Certificate, a.Certificate, answer, a.Key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(data)
}

func (a *Authority) answerCRL(w http.ResponseWriter, _ *http.Request) {
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Now().Add(-answerAge), NextUpdate: time.Now().Add(Day)}
	data, err := a.revocationList(list)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(data)
}

// RevocationList signs a list with what was withdrawn so far.
func (a *Authority) revocationList(list *x509.RevocationList) ([]byte, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for text, at := range a.revoked {
		serial, _ := new(big.Int).SetString(text, 10)
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: serial, RevocationTime: at})
	}
	return x509.CreateRevocationList(rand.Reader, list, a.Certificate, a.Key)
}

// Files writes the key and the chain of a signer as PEM files.
func (s Signer) Files(t testing.TB) (key, chain string) {
	t.Helper()
	folder := t.TempDir()
	der, err := x509.MarshalPKCS8PrivateKey(s.Key)
	if err != nil {
		t.Fatal(err)
	}
	key, chain = filepath.Join(folder, "key.pem"), filepath.Join(folder, "chain.pem")
	Write(t, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	Write(t, chain, CertificatesPEM(s.Chain...))
	return key, chain
}

// CertificatesPEM writes certificates as PEM.
func CertificatesPEM(list ...*x509.Certificate) []byte {
	var text []byte
	for _, c := range list {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return text
}

// PublicPEM writes a public key as PEM.
func PublicPEM(t testing.TB, key crypto.PublicKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// Write writes a file that only its owner may read, with its folders.
func Write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
