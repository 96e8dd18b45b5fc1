package verify

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// bundle is a Sigstore bundle, version 0.1 to 0.3.
type bundle struct {
	MediaType            string `json:"mediaType"`
	VerificationMaterial struct {
		PublicKey *struct {
			Hint string `json:"hint"`
		} `json:"publicKey"`
		Certificate *rawBytes `json:"certificate"`
		Chain       *struct {
			Certificates []rawBytes `json:"certificates"`
		} `json:"x509CertificateChain"`
		LogEntries []bundleLogEntry `json:"tlogEntries"`
		Timestamps struct {
			RFC3161 []struct {
				SignedTimestamp []byte `json:"signedTimestamp"`
			} `json:"rfc3161Timestamps"`
		} `json:"timestampVerificationData"`
	} `json:"verificationMaterial"`
	Envelope *envelope `json:"dsseEnvelope"`
	Message  *struct {
		Digest struct {
			Algorithm string `json:"algorithm"`
			Digest    []byte `json:"digest"`
		} `json:"messageDigest"`
		Signature []byte `json:"signature"`
	} `json:"messageSignature"`
}

type rawBytes struct {
	RawBytes []byte `json:"rawBytes"`
}

type bundleLogEntry struct {
	LogIndex json.Number `json:"logIndex"`
	LogID    struct {
		KeyID []byte `json:"keyId"`
	} `json:"logId"`
	IntegratedTime   json.Number `json:"integratedTime"`
	InclusionPromise struct {
		SignedEntryTimestamp []byte `json:"signedEntryTimestamp"`
	} `json:"inclusionPromise"`
	InclusionProof    *inclusionProof `json:"inclusionProof"`
	CanonicalizedBody []byte          `json:"canonicalizedBody"`
}

func readBundle(data, manifest []byte) (*cosignMade, error) {
	var b bundle
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("it is not a Sigstore bundle: %w", err)
	}
	if !strings.HasPrefix(b.MediaType, typeBundlePrefix) {
		return nil, fmt.Errorf("it says it is %q, not a Sigstore bundle", b.MediaType)
	}
	m := &cosignMade{}
	if err := m.fromBundle(&b, manifest); err != nil {
		return nil, err
	}
	return m, m.readMaterial(&b)
}

func (m *cosignMade) fromBundle(b *bundle, manifest []byte) error {
	switch {
	case b.Envelope != nil:
		return m.fromEnvelope(b.Envelope)
	case b.Message == nil:
		return errors.New("the bundle holds neither an envelope nor a signature")
	}
	sum := sha256.Sum256(manifest)
	m.signed, m.content, m.signature = manifest, manifest, b.Message.Signature
	// Without a digest of its own the signature can only be over the manifest.
	m.subjects = []string{"sha256:" + hex.EncodeToString(sum[:])}
	if stated := b.Message.Digest; len(stated.Digest) > 0 && !bytes.Equal(stated.Digest, sum[:]) {
		m.subjects = []string{stated.Algorithm + ":" + hex.EncodeToString(stated.Digest)}
	}
	return nil
}

func (m *cosignMade) readMaterial(b *bundle) error {
	material := &b.VerificationMaterial
	if material.PublicKey != nil && m.keyHint == "" {
		m.keyHint = material.PublicKey.Hint
	}
	var raw []rawBytes
	if material.Certificate != nil {
		raw = append(raw, *material.Certificate)
	}
	if material.Chain != nil {
		raw = append(raw, material.Chain.Certificates...)
	}
	for i, r := range raw {
		c, err := x509.ParseCertificate(r.RawBytes)
		if err != nil {
			return fmt.Errorf("certificate %d of the bundle: %w", i, err)
		}
		if i == 0 {
			m.certificate = c
			continue
		}
		m.chain = append(m.chain, c)
	}
	for _, t := range material.Timestamps.RFC3161 {
		m.timestamps = append(m.timestamps, t.SignedTimestamp)
	}
	return m.readLogEntries(material.LogEntries)
}

// readLogEntries takes the first entry; Cosign makes no more.
func (m *cosignMade) readLogEntries(entries []bundleLogEntry) error {
	if len(entries) == 0 {
		return nil
	}
	e := &entries[0]
	index, err := number(e.LogIndex)
	if err != nil {
		return fmt.Errorf("index of the log entry: %w", err)
	}
	at, err := number(e.IntegratedTime)
	if err != nil {
		return fmt.Errorf("time of the log entry: %w", err)
	}
	m.log = &logEntry{
		body: e.CanonicalizedBody, integratedTime: at, index: index,
		logID: hex.EncodeToString(e.LogID.KeyID), promise: e.InclusionPromise.SignedEntryTimestamp,
		proof: e.InclusionProof,
	}
	return nil
}

func number(n json.Number) (int64, error) {
	if n == "" {
		return 0, nil
	}
	return n.Int64()
}
