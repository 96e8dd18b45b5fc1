package verify

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	notationgo "github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"

	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/lang"
)

// explainer turns an outcome of the library into checks with reasons. The
// library decides; the reasons come from what it looked at, since its errors
// are sentences.
type explainer struct {
	*checking
	signature *trust.Signature
	outcome   *notationgo.VerificationOutcome
	err       error
}

// kinds pairs the checks of a policy with ours, in the order they are made.
var kinds = [...]struct {
	theirs trustpolicy.ValidationType
	ours   trust.Kind
}{
	{trustpolicy.TypeIntegrity, trust.Integrity},
	{trustpolicy.TypeAuthenticity, trust.Authenticity},
	{trustpolicy.TypeExpiry, trust.Expiry},
	{trustpolicy.TypeAuthenticTimestamp, trust.Time},
	{trustpolicy.TypeRevocation, trust.Withdrawal},
}

func (e *explainer) explain() {
	s := e.signature
	if e.outcome != nil && e.outcome.VerificationLevel != nil {
		for _, k := range kinds {
			s.Checks = append(s.Checks, e.check(k.theirs, k.ours))
		}
		s.Checks = append(s.Checks, e.subjectCheck())
		if len(e.options.Metadata) > 0 {
			s.Checks = append(s.Checks, e.metadataCheck())
		}
	}
	s.Reason = e.verdict()
	s.State = s.Reason.Code.State()
	if s.State == trust.NotTrusted && s.Reason.Code == trust.Damaged {
		// What a damaged signature says of its signer is nobody's word.
		s.Signer, s.Issuer, s.Chain, s.Metadata = "", "", nil, nil
	}
}

// verdict is the reason of the whole signature. Only the library's yes is one.
func (e *explainer) verdict() trust.Reason {
	if e.err == nil {
		return trust.Because(trust.Verified, e.signature.Signer, e.trusting())
	}
	for _, check := range e.signature.Checks {
		if check.Action == trust.Enforce && (check.Outcome == trust.Failed || check.Outcome == trust.Unknown) {
			return check.Reason
		}
	}
	var inconclusive notationgo.VerificationInconclusiveError
	if errors.As(e.err, &inconclusive) || strings.Contains(e.err.Error(), "plugin") {
		return trust.Because(trust.PluginFailed, plain(e.err))
	}
	return trust.Because(trust.NotVerifiable, plain(e.err))
}

func (e *explainer) check(theirs trustpolicy.ValidationType, ours trust.Kind) trust.Check {
	c := trust.Check{Kind: ours, Action: trust.Action(e.outcome.VerificationLevel.Enforcement[theirs]), Outcome: trust.NotReached}
	if c.Action == trust.Skip {
		c.Outcome = trust.Skipped
		return c
	}
	for _, r := range e.outcome.VerificationResults {
		if r.Type != theirs {
			continue
		}
		c.Outcome = trust.Passed
		if r.Error != nil {
			c.Reason = e.because(theirs, r.Error)
			c.Outcome = outcomeOf(c.Reason.Code)
		}
	}
	return c
}

func outcomeOf(code trust.Code) trust.Outcome {
	if code.State() == trust.Unchecked {
		return trust.Unknown
	}
	return trust.Failed
}

func (e *explainer) because(theirs trustpolicy.ValidationType, err error) trust.Reason {
	switch theirs {
	case trustpolicy.TypeAuthenticity:
		return e.authenticity(err)
	case trustpolicy.TypeExpiry:
		return trust.Because(trust.SignatureExpired, when(e.signature.ExpiresAt))
	case trustpolicy.TypeAuthenticTimestamp:
		return e.time(err)
	case trustpolicy.TypeRevocation:
		return e.revocation("code-signing", trust.CertificateRevoked, trust.RevocationUnknown, err)
	}
	return trust.Because(trust.Damaged, plain(err))
}

func (e *explainer) authenticity(err error) trust.Reason {
	var (
		store       truststore.TrustStoreError
		certificate truststore.CertificateError
		unknown     *signature.SignatureAuthenticityError
		undecided   notationgo.VerificationInconclusiveError
	)
	switch {
	case errors.As(err, &store), errors.As(err, &certificate), errors.As(err, &undecided):
		return trust.Because(trust.TrustStore, e.statement.Name, plain(rootOf(err)))
	case errors.As(err, &unknown):
		return trust.Because(trust.UntrustedRoot, e.signature.Signer, e.stores())
	case strings.Contains(err.Error(), "plugin"):
		return trust.Because(trust.PluginFailed, plain(err))
	}
	return trust.Because(trust.WrongIdentity, e.signature.Signer, e.trusting(), strings.Join(e.statement.TrustedIdentities, "; "))
}

// rootOf adds the cause to errors of the trust store, which leave it out.
func rootOf(err error) error {
	if cause := errors.Unwrap(err); cause != nil && !strings.Contains(err.Error(), cause.Error()) {
		return errors.Join(err, cause)
	}
	return err
}

// time explains a failed check of time. Without a timestamp that the policy
// wants to see, the certificates have to be valid now.
func (e *explainer) time(err error) trust.Reason {
	for _, r := range e.signature.Revocations {
		if r.Purpose == "timestamping" && (r.Status == trust.Revoked || r.Status == trust.NoAnswer) {
			return e.revocation("timestamping", trust.TimestampRevoked, trust.TimestampUnknown, err)
		}
	}
	wanted := slices.ContainsFunc(e.statement.TrustStores, func(name string) bool { return strings.HasPrefix(name, string(truststore.TypeTSA)+":") })
	if wanted && e.signature.TimeProof != "timestamp" && e.signature.TimeProof != "authority" {
		return trust.Because(trust.TimestampMissing, e.statement.Name)
	}
	var (
		store       truststore.TrustStoreError
		certificate truststore.CertificateError
	)
	if errors.As(err, &store) || errors.As(err, &certificate) {
		return trust.Because(trust.TrustStore, e.statement.Name, plain(rootOf(err)))
	}
	if reason, ok := e.notValidNow(time.Now()); ok && !wanted {
		return reason
	}
	return trust.Because(trust.TimestampBad, plain(err))
}

func (e *explainer) notValidNow(now time.Time) (trust.Reason, bool) {
	for _, c := range e.signature.Chain {
		switch {
		case now.After(c.NotAfter):
			return trust.Because(trust.CertificateExpired, c.Subject, when(c.NotAfter)), true
		case now.Before(c.NotBefore):
			return trust.Because(trust.CertificateTooNew, c.Subject, when(c.NotBefore)), true
		}
	}
	return trust.Reason{}, false
}

// revocation explains by the answers of authorities, the worst of them.
func (e *explainer) revocation(purpose string, revoked, unknown trust.Code, err error) trust.Reason {
	for _, wanted := range []trust.Status{trust.Revoked, trust.NoAnswer} {
		for _, r := range e.signature.Revocations {
			if r.Purpose != purpose || r.Status != wanted {
				continue
			}
			if wanted == trust.Revoked {
				return trust.Because(revoked, saysRevoked(r))
			}
			return trust.Because(unknown, saysUnknown(r))
		}
	}
	return trust.Because(unknown, lang.Text{EN: plain(err), ZH: plain(err)})
}

func (e *explainer) subjectCheck() trust.Check {
	c := trust.Check{Kind: trust.Subject, Action: trust.Enforce, Outcome: trust.NotReached}
	target, err := payloadOf(e.outcome.EnvelopeContent)
	switch {
	case e.outcome.EnvelopeContent == nil:
	case err != nil:
		c.Outcome, c.Reason = trust.Failed, trust.Because(trust.Damaged, plain(err))
	case target.Digest != e.subject.Digest || target.Size != e.subject.Size || target.MediaType != e.subject.MediaType:
		c.Outcome, c.Reason = trust.Failed, trust.Because(trust.OtherImage, target.Digest)
	default:
		c.Outcome = trust.Passed
	}
	return c
}

func (e *explainer) metadataCheck() trust.Check {
	c := trust.Check{Kind: trust.Metadata, Action: trust.Enforce, Outcome: trust.NotReached}
	target, err := payloadOf(e.outcome.EnvelopeContent)
	if err != nil {
		return c
	}
	c.Outcome = trust.Passed
	for _, name := range slices.Sorted(maps.Keys(e.options.Metadata)) {
		if target.Annotations[name] != e.options.Metadata[name] {
			c.Outcome, c.Reason = trust.Failed, trust.Because(trust.MetadataMissing, name+"="+e.options.Metadata[name])
			break
		}
	}
	return c
}
