package verify

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/foilsec/foil/internal/image/trust"
)

// logEntry is an entry of a transparency log, with the log's promise that it is
// there. Nothing in it is verified.
type logEntry struct {
	body           []byte
	integratedTime int64
	index          int64
	logID          string // hexadecimal SHA-256 of the log's key
	promise        []byte
	proof          *inclusionProof // nil: none
}

func readOldLogEntry(data []byte) (*logEntry, error) {
	var b struct {
		SignedEntryTimestamp []byte
		Payload              struct {
			Body           []byte `json:"body"`
			IntegratedTime int64  `json:"integratedTime"`
			LogIndex       int64  `json:"logIndex"`
			LogID          string `json:"logID"`
		}
	}
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("it is not a log entry: %w", err)
	}
	p := b.Payload
	return &logEntry{body: p.Body, integratedTime: p.IntegratedTime, index: p.LogIndex, logID: p.LogID, promise: b.SignedEntryTimestamp}, nil
}

// promised is what a log signs, in the one form that its JSON has.
func (e *logEntry) promised() ([]byte, error) {
	return json.Marshal(struct {
		Body           []byte `json:"body"`
		IntegratedTime int64  `json:"integratedTime"`
		LogID          string `json:"logID"`
		LogIndex       int64  `json:"logIndex"`
	}{e.body, e.integratedTime, e.logID, e.index})
}

// verify checks that the entry is about this signature and that the log holds
// it, by its promise or by a proof. Only a promise says when the log saw it; the
// time is zero without one.
func (e *logEntry) verify(keys []PublicKey, m *cosignMade, signer crypto.PublicKey) (time.Time, error) {
	if err := e.isAbout(m, signer); err != nil {
		return time.Time{}, err
	}
	if len(e.promise) == 0 {
		if e.proof == nil {
			return time.Time{}, errors.New("the entry holds neither a promise nor a proof of the log")
		}
		return time.Time{}, e.proof.verify(e.body, keys)
	}
	data, err := e.promised()
	if err != nil {
		return time.Time{}, err
	}
	if !slices.ContainsFunc(keys, func(k PublicKey) bool { return keyID(k.Key) == e.logID && fits(k.Key, data, e.promise) }) {
		return time.Time{}, errors.New("the promise is not by a log whose key you gave")
	}
	return time.Unix(e.integratedTime, 0).UTC(), nil
}

func keyID(key crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return ""
	}
	return hashHex(der)
}

// logBody is the body of an entry, of the kinds that Cosign makes.
type logBody struct {
	Kind string `json:"kind"`
	Spec struct {
		Data struct {
			Hash logHash `json:"hash"`
		} `json:"data"`
		Signature struct {
			Content   []byte `json:"content"`
			PublicKey struct {
				Content []byte `json:"content"`
			} `json:"publicKey"`
		} `json:"signature"`
		PayloadHash logHash `json:"payloadHash"`
		Signatures  []struct {
			Signature []byte `json:"signature"`
			Verifier  []byte `json:"verifier"`
		} `json:"signatures"`
		Content struct {
			PayloadHash logHash `json:"payloadHash"`
			Envelope    struct {
				Signatures []struct {
					PublicKey []byte `json:"publicKey"`
				} `json:"signatures"`
			} `json:"envelope"`
		} `json:"content"`
		PublicKey []byte `json:"publicKey"`
		// Of the second version of the log.
		HashedNew struct {
			Data      logHashNew   `json:"data"`
			Signature logSignature `json:"signature"`
		} `json:"hashedRekordV002"`
		EnvelopeNew struct {
			PayloadHash logHashNew     `json:"payloadHash"`
			Signatures  []logSignature `json:"signatures"`
		} `json:"dsseV002"`
	} `json:"spec"`
}

type logHashNew struct {
	Algorithm string `json:"algorithm"`
	Digest    []byte `json:"digest"`
}

func (h logHashNew) of(data []byte) bool {
	return h.Algorithm == "SHA2_256" && hex.EncodeToString(h.Digest) == hashHex(data)
}

type logSignature struct {
	Content  []byte `json:"content"`
	Verifier struct {
		PublicKey   rawBytes `json:"publicKey"`
		Certificate rawBytes `json:"x509Certificate"`
	} `json:"verifier"`
}

func (s *logSignature) is(signature []byte, signer crypto.PublicKey) bool {
	if !bytes.Equal(s.Content, signature) || keyID(signer) == "" {
		return false
	}
	if c, err := x509.ParseCertificate(s.Verifier.Certificate.RawBytes); err == nil {
		return keyID(c.PublicKey) == keyID(signer)
	}
	return hashHex(s.Verifier.PublicKey.RawBytes) == keyID(signer)
}

type logHash struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

func (h logHash) of(data []byte) bool { return h.Algorithm == "sha256" && h.Value == hashHex(data) }

var errOtherEntry = errors.New("the entry is about another signature")

// isAbout refuses an entry that belongs to another signature: a promise alone
// could be copied from anywhere.
func (e *logEntry) isAbout(m *cosignMade, signer crypto.PublicKey) error {
	var b logBody
	if err := json.Unmarshal(e.body, &b); err != nil {
		return fmt.Errorf("the body of the entry is not JSON: %w", err)
	}
	about, known := b.isAbout(m, signer)
	if !known {
		return fmt.Errorf("the entry is of kind %q, which foil does not know", b.Kind)
	}
	if !about {
		return errOtherEntry
	}
	return nil
}

func (b *logBody) isAbout(m *cosignMade, signer crypto.PublicKey) (about, known bool) {
	s := &b.Spec
	switch b.Kind {
	case "hashedrekord":
		about = s.Data.Hash.of(m.signed) && bytes.Equal(s.Signature.Content, m.signature) && holds(s.Signature.PublicKey.Content, signer)
		about = about || s.HashedNew.Data.of(m.signed) && s.HashedNew.Signature.is(m.signature, signer)
	case "dsse":
		for i := range s.Signatures {
			about = about || bytes.Equal(s.Signatures[i].Signature, m.signature) && holds(s.Signatures[i].Verifier, signer) && s.PayloadHash.of(m.content)
		}
		for i := range s.EnvelopeNew.Signatures {
			about = about || s.EnvelopeNew.Signatures[i].is(m.signature, signer) && s.EnvelopeNew.PayloadHash.of(m.content)
		}
	case "intoto":
		about = holds(s.PublicKey, signer)
		for i := range s.Content.Envelope.Signatures {
			about = about || holds(s.Content.Envelope.Signatures[i].PublicKey, signer)
		}
		about = about && s.Content.PayloadHash.of(m.content)
	default:
		return false, false
	}
	return about, true
}

// holds reports whether PEM text is a key, or a certificate with it.
func holds(text []byte, key crypto.PublicKey) bool {
	block, _ := pem.Decode(text)
	if block == nil {
		return false
	}
	found, err := publicKey(block)
	return err == nil && keyID(found) == keyID(key) && keyID(key) != ""
}

// keyInLog checks the log entry of a signature that was made with a key.
func (j *cosignJudge) keyInLog() trust.Reason {
	if len(j.LogKeys) == 0 || j.made.log == nil {
		if j.RequireLog {
			return trust.Because(trust.LogEntryBad, "there is none, or no key of a log was given")
		}
		return trust.Reason{}
	}
	var signer crypto.PublicKey
	for _, k := range j.Keys {
		if fits(k.Key, j.made.signed, j.made.signature) {
			signer = k.Key
		}
	}
	at, err := j.made.log.verify(j.LogKeys, j.made, signer)
	if err != nil {
		return trust.Because(trust.LogEntryBad, plain(err))
	}
	if !at.IsZero() {
		j.signature.SignedAt, j.signature.TimeProof = at, "transparency-log"
	}
	return trust.Reason{Code: trust.Verified}
}
