package verify

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/foilsec/foil/internal/image/trust"
)

// oidTimestamps is the extension with the promises of certificate logs
// (RFC 6962, section 3.3).
var oidTimestamps = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}

// certificateInLog checks that a certificate log promised to hold the
// certificate. Without keys of such logs nothing is checked.
func (j *cosignJudge) certificateInLog(chain []*x509.Certificate) trust.Reason {
	if len(j.CertificateLogKeys) == 0 {
		return trust.Reason{}
	}
	if err := promisedByLog(chain, j.CertificateLogKeys); err != nil {
		return trust.Because(trust.CertificateLogBad, plain(err))
	}
	return trust.Reason{Code: trust.Verified}
}

// promise is a signed certificate timestamp.
type promise struct {
	logID      []byte
	timestamp  uint64
	extensions []byte
	signature  []byte
}

func promisedByLog(chain []*x509.Certificate, keys []PublicKey) error {
	if len(chain) < 2 {
		return errors.New("the certificate has no issuer")
	}
	promises, err := promisesOf(chain[0])
	if err != nil {
		return err
	}
	tbs, err := withoutPromises(chain[0].RawTBSCertificate)
	if err != nil {
		return err
	}
	issuer := sha256.Sum256(chain[1].RawSubjectPublicKeyInfo)
	for _, p := range promises {
		data, err := p.signed(issuer[:], tbs)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if keyID(k.Key) == hex.EncodeToString(p.logID) && fits(k.Key, data, p.signature) {
				return nil
			}
		}
	}
	return errors.New("no promise in it is by a log whose key you gave")
}

var errPromises = errors.New("its list of log promises is damaged")

func promisesOf(c *x509.Certificate) ([]promise, error) {
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidTimestamps) {
			continue
		}
		var inner, list cryptobyte.String
		outer := cryptobyte.String(e.Value)
		if !outer.ReadASN1(&inner, cryptobyteasn1.OCTET_STRING) || !inner.ReadUint16LengthPrefixed(&list) {
			return nil, errPromises
		}
		return readPromises(list)
	}
	return nil, errors.New("it carries no promise of a log")
}

func readPromises(list cryptobyte.String) ([]promise, error) {
	var promises []promise
	for !list.Empty() {
		var (
			item, extensions, signature cryptobyte.String
			version                     uint8
			algorithms                  uint16
			p                           promise
		)
		if !list.ReadUint16LengthPrefixed(&item) || !item.ReadUint8(&version) {
			return nil, errPromises
		}
		if version != 0 {
			continue // of a later version of the protocol
		}
		if !item.ReadBytes(&p.logID, sha256.Size) || !item.ReadUint64(&p.timestamp) || !item.ReadUint16LengthPrefixed(&extensions) ||
			!item.ReadUint16(&algorithms) || !item.ReadUint16LengthPrefixed(&signature) {
			return nil, errPromises
		}
		p.extensions, p.signature = extensions, signature
		promises = append(promises, p)
	}
	return promises, nil
}

// signed is what a log signs about a certificate before it is issued.
func (p promise) signed(issuer, tbs []byte) ([]byte, error) {
	const version, kind, precertificate = 0, 0, 1
	var b cryptobyte.Builder
	b.AddUint8(version)
	b.AddUint8(kind)
	b.AddUint64(p.timestamp)
	b.AddUint16(precertificate)
	b.AddBytes(issuer)
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(tbs) })
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(p.extensions) })
	return b.Bytes()
}

// withoutPromises is a certificate's signed part as the log saw it: without the
// extension that holds the log's promise.
func withoutPromises(tbs []byte) ([]byte, error) {
	var fields cryptobyte.String
	outer := cryptobyte.String(tbs)
	if !outer.ReadASN1(&fields, cryptobyteasn1.SEQUENCE) {
		return nil, errPromises
	}
	extensionsTag := cryptobyteasn1.Tag(3).Constructed().ContextSpecific()
	var b cryptobyte.Builder
	damaged := false
	b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for !fields.Empty() && !damaged {
			var field cryptobyte.String
			var tag cryptobyteasn1.Tag
			if !fields.ReadAnyASN1Element(&field, &tag) {
				damaged = true
				return
			}
			if tag == extensionsTag {
				damaged = !copyExtensions(b, field, extensionsTag)
				continue
			}
			b.AddBytes(field)
		}
	})
	if damaged {
		return nil, errPromises
	}
	return b.Bytes()
}

func copyExtensions(b *cryptobyte.Builder, field cryptobyte.String, tag cryptobyteasn1.Tag) bool {
	var wrapped, list cryptobyte.String
	if !field.ReadASN1(&wrapped, tag) || !wrapped.ReadASN1(&list, cryptobyteasn1.SEQUENCE) {
		return false
	}
	ok := true
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for ok && !list.Empty() {
				var extension, inner cryptobyte.String
				var id asn1.ObjectIdentifier
				if ok = list.ReadASN1Element(&extension, cryptobyteasn1.SEQUENCE); !ok {
					return
				}
				whole := extension
				if ok = extension.ReadASN1(&inner, cryptobyteasn1.SEQUENCE) && inner.ReadASN1ObjectIdentifier(&id); ok && !id.Equal(oidTimestamps) {
					b.AddBytes(whole)
				}
			}
		})
	})
	return ok
}
