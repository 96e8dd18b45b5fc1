package trust

import (
	"time"

	"github.com/foilsec/foil/internal/lang"
)

// State is what is known of an image or of one signature. No signature, a bad
// one and one that could not be checked are three states, not one.
type State string

// The states.
const (
	Trusted    State = "trusted"
	Unsigned   State = "unsigned"  // of an image: there is no signature at all
	NotTrusted State = "untrusted" // there are signatures, and none is good
	Unchecked  State = "unchecked" // whether a signature is good could not be found out
	Exempt     State = "exempt"    // the policy says not to look
)

// Format is how a signature is written and stored.
type Format string

// The formats.
const (
	NotationJWS  Format = "notation-jws"
	NotationCOSE Format = "notation-cose"
	Notation     Format = "notation"      // an envelope of a kind that is not known
	Cosign       Format = "cosign"        // a layer of simple signing
	CosignBundle Format = "cosign-bundle" // a Sigstore bundle
)

// Result is what is known of the signatures of one image.
type Result struct {
	Reference  string      `json:"reference"`        // as it was asked for
	Digest     string      `json:"digest,omitempty"` // of the manifest, "sha256:…"
	State      State       `json:"state"`
	Reason     Reason      `json:"reason"`
	Statement  string      `json:"statement,omitempty"` // of the trust policy, by name
	Level      string      `json:"level,omitempty"`     // of that statement
	Signatures []Signature `json:"signatures"`
	CheckedAt  time.Time   `json:"checkedAt"`
}

// Signature is one signature or signed statement on an image.
type Signature struct {
	Format    Format    `json:"format"`
	Digest    string    `json:"digest,omitempty"` // of the manifest, or the layer, that holds it
	Predicate string    `json:"predicate,omitempty"`
	Signer    string    `json:"signer,omitempty"` // subject of the certificate, identity, or the key
	Issuer    string    `json:"issuer,omitempty"` // of the certificate, or of the identity
	SignedAt  time.Time `json:"signedAt,omitzero"`
	// TimeProof says who vouches for SignedAt: "timestamp", "transparency-log",
	// "authority"; empty when only the signer says so.
	TimeProof string            `json:"timeProof,omitempty"`
	ExpiresAt time.Time         `json:"expiresAt,omitzero"`
	Metadata  map[string]string `json:"metadata,omitempty"`
	Chain     []Certificate     `json:"chain,omitempty"` // signer first
	State     State             `json:"state,omitempty"` // empty when it was only listed
	Reason    Reason            `json:"reason,omitzero"`
	Checks    []Check           `json:"checks,omitempty"`
	// Revocations are the answers on which the check of revocation rests.
	Revocations []Revocation `json:"revocations,omitempty"`
}

// IsSignature reports whether it signs the image itself, rather than a
// statement about it.
func (s *Signature) IsSignature() bool { return s.Predicate == "" || s.Predicate == SignPredicate }

// SignPredicate is the type of statement that only says: this image is signed.
const SignPredicate = "https://sigstore.dev/cosign/sign/v1"

// Certificate is what people need to know of a certificate.
type Certificate struct {
	Subject     string    `json:"subject"`
	Issuer      string    `json:"issuer"`
	NotBefore   time.Time `json:"notBefore"`
	NotAfter    time.Time `json:"notAfter"`
	Fingerprint string    `json:"fingerprint"` // SHA-256, hexadecimal
}

// Reason says why a state is what it is: a code for programs, a sentence for
// people.
type Reason struct {
	Code Code      `json:"code"`
	Text lang.Text `json:"text"`
}

// Kind is what a check is about.
type Kind string

// The kinds of check, in the order in which they are made.
const (
	Integrity    Kind = "integrity"    // the signature fits what it signs
	Subject      Kind = "subject"      // what it signs is this image
	Authenticity Kind = "authenticity" // the signer is one that is trusted
	Expiry       Kind = "expiry"       // the signature has not run out
	Time         Kind = "time"         // the certificate was valid when it counts
	Withdrawal   Kind = "revocation"   // the certificate was not withdrawn
	Transparency Kind = "transparency" // the signature is in a public log
	Metadata     Kind = "metadata"     // what the user wants to see in it is there
)

// Outcome is what came of a check.
type Outcome string

// The outcomes.
const (
	Passed     Outcome = "passed"
	Failed     Outcome = "failed"
	Unknown    Outcome = "unknown"     // could not be made
	Skipped    Outcome = "skipped"     // the policy says not to make it
	NotReached Outcome = "not-reached" // an earlier one had ended it all
)

// Action is what the policy says to do about a failure.
type Action string

// The actions.
const (
	Enforce Action = "enforce"
	Log     Action = "log"
	Skip    Action = "skip"
)

// Check is one check of one signature.
type Check struct {
	Kind    Kind    `json:"kind"`
	Action  Action  `json:"action"`
	Outcome Outcome `json:"outcome"`
	Reason  Reason  `json:"reason,omitzero"` // of what did not pass
}

// Method is how a certificate was looked up among the withdrawn ones.
type Method string

// The methods.
const (
	OCSP     Method = "ocsp"
	CRL      Method = "crl"
	NoMethod Method = "none" // the certificate names no place to ask
)

// Status is what an answer says about a certificate.
type Status string

// The statuses.
const (
	Good         Status = "good"
	Revoked      Status = "revoked"
	NoAnswer     Status = "unknown"
	NotRevocable Status = "not-revocable" // there is nobody to ask
)

// Revocation is one answer about one certificate, for the journal: whose it is,
// what it says, and from when.
type Revocation struct {
	Certificate string    `json:"certificate"` // its subject
	Purpose     string    `json:"purpose"`     // "code-signing", "timestamping"
	Method      Method    `json:"method"`
	Server      string    `json:"server,omitempty"`
	Status      Status    `json:"status"`
	ThisUpdate  time.Time `json:"thisUpdate,omitzero"` // when it was true
	NextUpdate  time.Time `json:"nextUpdate,omitzero"` // how long it counts
	RevokedAt   time.Time `json:"revokedAt,omitzero"`
	FromCache   bool      `json:"fromCache,omitempty"`
	Age         string    `json:"age,omitempty"` // at the time of the check, "3h12m"
	Error       string    `json:"error,omitempty"`
}
