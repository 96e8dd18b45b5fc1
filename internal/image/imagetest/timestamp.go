package imagetest

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	tsp "github.com/notaryproject/tspclient-go"
	"github.com/notaryproject/tspclient-go/pki"
)

// TimeAuthority vouches for times by RFC 3161.
type TimeAuthority struct {
	URL    string
	Now    func() time.Time
	signer Signer
}

// NewTimeAuthority starts an authority of timestamps, certified by another one.
// Change may alter its certificate first.
func (a *Authority) NewTimeAuthority(t testing.TB, change func(*x509.Certificate)) *TimeAuthority {
	t.Helper()
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	signer := a.Issue(t, "clock", func(c *x509.Certificate) {
		c.ExtKeyUsage = nil // the usage has to be critical, which only an extension of its own can be
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}}
		c.NotBefore = time.Now().Add(-365 * Day)
		if change != nil {
			change(c)
		}
	})
	authority := &TimeAuthority{Now: time.Now, signer: signer}
	server := httptest.NewServer(http.HandlerFunc(authority.answer))
	t.Cleanup(server.Close)
	authority.URL = server.URL
	return authority
}

func (a *TimeAuthority) answer(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err == nil {
		data, err = a.Stamp(data)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(data)
}

// Stamp answers a request for a timestamp.
func (a *TimeAuthority) Stamp(request []byte) ([]byte, error) {
	var q tsp.Request
	if err := q.UnmarshalBinary(request); err != nil {
		return nil, err
	}
	info, err := asn1.Marshal(struct {
		Version        int
		Policy         asn1.ObjectIdentifier
		MessageImprint tsp.MessageImprint
		SerialNumber   *big.Int
		GenTime        time.Time `asn1:"generalized"`
		Nonce          *big.Int  `asn1:"optional"`
	}{1, asn1.ObjectIdentifier{1, 2, 3}, q.MessageImprint, big.NewInt(7), a.Now().UTC().Truncate(time.Second), q.Nonce})
	if err != nil {
		return nil, err
	}
	token, err := a.seal(info)
	if err != nil {
		return nil, err
	}
	return (&tsp.Response{Status: pki.StatusInfo{Status: pki.StatusGranted}, TimestampToken: asn1.RawValue{FullBytes: token}}).MarshalBinary()
}

// Object identifiers of the Cryptographic Message Syntax (RFC 5652).
var (
	oidSignedData         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTimestamp          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256             = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSA              = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []any `asn1:"set"`
}

type signerInfo struct {
	Version   int
	ID        issuerAndSerial
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type signedData struct {
	Version int
	Digests []pkix.AlgorithmIdentifier `asn1:"set"`
	Content struct {
		Type    asn1.ObjectIdentifier
		Content []byte `asn1:"explicit,tag:0"`
	}
	Certificates asn1.RawValue
	Signers      []signerInfo `asn1:"set"`
}

// seal signs the content of a timestamp.
func (a *TimeAuthority) seal(info []byte) ([]byte, error) {
	certificate := a.signer.Chain[0]
	digest, hash := sha256.Sum256(info), sha256.Sum256(certificate.Raw)
	attributes, err := asn1.MarshalWithParams([]attribute{
		{oidContentType, []any{oidTimestamp}},
		{oidMessageDigest, []any{digest[:]}},
		{oidSigningCertificate, []any{struct{ Certificates []struct{ Hash []byte } }{[]struct{ Hash []byte }{{hash[:]}}}}},
	}, "set")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(attributes)
	signature, err := a.signer.Key.Sign(rand.Reader, sum[:], nil)
	if err != nil {
		return nil, err
	}
	implicit := append([]byte{0xa0}, attributes[1:]...) // in place of the tag of a set
	d := signedData{Version: 3, Digests: []pkix.AlgorithmIdentifier{{Algorithm: oidSHA256}}}
	d.Content.Type, d.Content.Content = oidTimestamp, info
	d.Certificates = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: certificate.Raw}
	d.Signers = []signerInfo{{
		Version: 1, ID: issuerAndSerial{asn1.RawValue{FullBytes: certificate.RawIssuer}, certificate.SerialNumber},
		Digest: pkix.AlgorithmIdentifier{Algorithm: oidSHA256}, Signed: asn1.RawValue{FullBytes: implicit},
		Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidECDSA}, Signature: signature,
	}}
	return asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content signedData `asn1:"explicit,tag:0"`
	}{oidSignedData, d})
}

// Timestamp is a stamp on a message, as its authority answers.
func (a *TimeAuthority) Timestamp(t testing.TB, message []byte) []byte {
	t.Helper()
	request, err := tsp.NewRequest(tsp.RequestOptions{Content: message, HashAlgorithm: crypto.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	data, err := request.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	stamp, err := a.Stamp(data)
	if err != nil {
		t.Fatal(err)
	}
	return stamp
}
