package verify

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/image/trust"
)

// cosignMade is a signature by Cosign in any of its forms: what was signed, by
// what, and what else is there to prove it. Nothing in it is verified.
type cosignMade struct {
	signed      []byte // what the signature is over
	content     []byte // what the log knows by its hash: the payload
	signature   []byte
	subjects    []string // digests of images
	predicate   string   // of an attestation
	keyHint     string
	metadata    map[string]string
	certificate *x509.Certificate // nil: signed with a key
	chain       []*x509.Certificate
	log         *logEntry
	timestamps  [][]byte
}

// The annotations of the older form.
const (
	annotationSignature   = "dev.cosignproject.cosign/signature"
	annotationCertificate = "dev.sigstore.cosign/certificate"
	annotationChain       = "dev.sigstore.cosign/chain"
	annotationBundle      = "dev.sigstore.cosign/bundle"
	annotationTimestamp   = "dev.sigstore.cosign/rfc3161timestamp"
)

// readCosign reads a blob that Cosign stored. Manifest is that of the image,
// which some bundles sign directly.
func readCosign(found *candidate, data, manifest []byte) (*cosignMade, error) {
	if found.format == trust.CosignBundle {
		return readBundle(data, manifest)
	}
	m := &cosignMade{}
	var err error
	if found.blob.MediaType == typeDSSE {
		err = m.readEnvelope(data)
	} else {
		err = m.readSimple(data, found.blob.Annotations)
	}
	if err != nil {
		return nil, err
	}
	return m, m.readAnnotations(found.blob.Annotations)
}

// simpleSigning is the payload of the older form, made for container images
// long before Cosign.
type simpleSigning struct {
	Critical struct {
		Identity struct {
			Reference string `json:"docker-reference"`
		} `json:"identity"`
		Image struct {
			Digest string `json:"docker-manifest-digest"`
		} `json:"image"`
		Type string `json:"type"`
	} `json:"critical"`
	Optional map[string]any `json:"optional"`
}

var simpleTypes = [...]string{"cosign container image signature", "atomic container signature"}

func (m *cosignMade) readSimple(data []byte, annotations map[string]string) error {
	var payload simpleSigning
	if err := json.Unmarshal(data, &payload); err != nil {
		return fmt.Errorf("the payload is not simple signing: %w", err)
	}
	if t := payload.Critical.Type; t != simpleTypes[0] && t != simpleTypes[1] {
		return fmt.Errorf("the payload says it is %q, not a signature on an image", t)
	}
	signature, err := base64.StdEncoding.DecodeString(annotations[annotationSignature])
	if err != nil || len(signature) == 0 {
		return fmt.Errorf("annotation %s holds no signature", annotationSignature)
	}
	m.signed, m.content, m.signature = data, data, signature
	m.subjects = []string{payload.Critical.Image.Digest}
	m.metadata = map[string]string{}
	for name, value := range payload.Optional {
		m.metadata[name] = fmt.Sprint(value)
	}
	return nil
}

// readAnnotations reads what the older form keeps beside the payload.
func (m *cosignMade) readAnnotations(annotations map[string]string) error {
	if text := annotations[annotationCertificate]; text != "" {
		list, err := ParseCertificates([]byte(text))
		if err != nil {
			return fmt.Errorf("annotation %s: %w", annotationCertificate, err)
		}
		m.certificate = list[0]
	}
	if text := annotations[annotationChain]; text != "" {
		list, err := ParseCertificates([]byte(text))
		if err != nil {
			return fmt.Errorf("annotation %s: %w", annotationChain, err)
		}
		m.chain = list
	}
	if text := annotations[annotationBundle]; text != "" {
		entry, err := readOldLogEntry([]byte(text))
		if err != nil {
			return fmt.Errorf("annotation %s: %w", annotationBundle, err)
		}
		m.log = entry
	}
	return m.readOldTimestamp(annotations[annotationTimestamp])
}

func (m *cosignMade) readOldTimestamp(text string) error {
	if text == "" {
		return nil
	}
	var t struct {
		SignedRFC3161Timestamp []byte
	}
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return fmt.Errorf("annotation %s: %w", annotationTimestamp, err)
	}
	m.timestamps = append(m.timestamps, t.SignedRFC3161Timestamp)
	return nil
}

// envelope is a DSSE envelope.
type envelope struct {
	PayloadType string `json:"payloadType"`
	Payload     []byte `json:"payload"`
	Signatures  []struct {
		KeyID string `json:"keyid"`
		Sig   []byte `json:"sig"`
	} `json:"signatures"`
}

const typeInToto = "application/vnd.in-toto+json"

func (m *cosignMade) readEnvelope(data []byte) error {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return fmt.Errorf("it is not a DSSE envelope: %w", err)
	}
	return m.fromEnvelope(&e)
}

// fromEnvelope takes the one signature of an envelope; Cosign makes no more.
func (m *cosignMade) fromEnvelope(e *envelope) error {
	if len(e.Signatures) != 1 {
		return fmt.Errorf("the envelope has %d signatures, not one", len(e.Signatures))
	}
	if e.PayloadType != typeInToto {
		return fmt.Errorf("the envelope holds %q, not a statement", e.PayloadType)
	}
	var statement struct {
		PredicateType string `json:"predicateType"`
		Subject       []struct {
			Digest map[string]string `json:"digest"`
		} `json:"subject"`
		Predicate json.RawMessage `json:"predicate"`
	}
	if err := json.Unmarshal(e.Payload, &statement); err != nil {
		return fmt.Errorf("the statement is not JSON: %w", err)
	}
	if statement.PredicateType == "" {
		return errors.New("the statement has no predicate type")
	}
	for _, s := range statement.Subject {
		if hash := s.Digest["sha256"]; hash != "" {
			m.subjects = append(m.subjects, "sha256:"+strings.ToLower(hash))
		}
	}
	m.predicate = statement.PredicateType
	m.content, m.signature, m.keyHint = e.Payload, e.Signatures[0].Sig, e.Signatures[0].KeyID
	m.signed = preAuthentication(e.PayloadType, e.Payload)
	return nil
}

// preAuthentication is what a DSSE signature is over.
func preAuthentication(kind string, payload []byte) []byte {
	return append(fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(kind), kind, len(payload)), payload...)
}

func hashHex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ParseCertificates reads certificates in PEM.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	var list []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read a certificate: %w", err)
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, errors.New("there is no certificate in it: want PEM")
	}
	return list, nil
}
