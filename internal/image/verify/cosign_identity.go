package verify

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tsp "github.com/notaryproject/tspclient-go"

	"github.com/foilsec/foil/internal/image/trust"
)

// byIdentity checks a signature whose key was certified for an identity, for a
// few minutes as a rule: the certificate has to lead to a root, be valid when
// the signature was made, and name somebody who is trusted.
func (j *cosignJudge) byIdentity(ctx context.Context) trust.Reason {
	verified := trust.Reason{Code: trust.Verified}
	certificate := j.made.certificate
	integrity := verified
	if !fits(certificate.PublicKey, j.made.signed, j.made.signature) {
		integrity = trust.Because(trust.Damaged, fmt.Sprintf("it does not fit the key of certificate %q", j.signature.Signer))
	}
	whole := j.after(verified, trust.Integrity, integrity)
	if whole.Code != trust.Verified {
		return whole
	}
	at, reason := j.signedAt(ctx)
	if whole = j.after(whole, trust.Time, reason); whole.Code != trust.Verified {
		return whole
	}
	chain, reason := j.chainAt(at)
	if whole = j.after(whole, trust.Authenticity, reason); whole.Code != trust.Verified {
		return whole
	}
	if whole = j.after(whole, trust.Transparency, j.certificateInLog(chain)); whole.Code != trust.Verified {
		return whole
	}
	return trust.Because(trust.Verified, j.signature.Signer, givenIdentities)
}

// signedAt is a time that somebody trusted vouches for. With no such time, a
// certificate that counts now is good enough.
func (j *cosignJudge) signedAt(ctx context.Context) (time.Time, trust.Reason) {
	at, proof, err := j.provenTime(ctx)
	c := j.made.certificate
	if err != nil {
		if j.RequireLog && j.made.log != nil {
			return at, trust.Because(trust.LogEntryBad, plain(err))
		}
		return at, trust.Because(trust.NoTrustedTime, j.signature.Signer, when(c.NotBefore), when(c.NotAfter), plain(err))
	}
	if at.Before(c.NotBefore) {
		return at, trust.Because(trust.CertificateTooNew, j.signature.Signer, when(c.NotBefore))
	}
	if at.After(c.NotAfter) {
		return at, trust.Because(trust.CertificateExpired, j.signature.Signer, when(c.NotAfter))
	}
	j.signature.SignedAt, j.signature.TimeProof = at, proof
	return at, trust.Reason{Code: trust.Verified}
}

func (j *cosignJudge) provenTime(ctx context.Context) (at time.Time, proof string, err error) {
	var errs []error
	logged := false
	if j.made.log != nil && len(j.LogKeys) > 0 {
		at, err := j.made.log.verify(j.LogKeys, j.made, j.made.certificate.PublicKey)
		if err == nil && !at.IsZero() {
			return at, "transparency-log", nil
		}
		if logged = err == nil; logged {
			err = errors.New("the log holds the signature, but does not say since when")
		}
		errs = append(errs, err)
	}
	if j.RequireLog && !logged {
		return at, "", errors.Join(append(errs, errors.New("an entry in a transparency log is required"))...)
	}
	for _, token := range j.made.timestamps {
		if len(j.TimeRoots) == 0 {
			break
		}
		at, err := j.timestamp(ctx, token)
		if err == nil {
			return at, "timestamp", nil
		}
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		errs = append(errs, errors.New("there is no log entry or timestamp, or no key of a log and no root of timestamps was given"))
	}
	return at, "", errors.Join(errs...)
}

// timestamp verifies an RFC 3161 timestamp over the signature.
func (j *cosignJudge) timestamp(ctx context.Context, data []byte) (time.Time, error) {
	token, err := readToken(data)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the timestamp: %w", err)
	}
	info, err := token.Info()
	if err != nil {
		return time.Time{}, fmt.Errorf("read the timestamp: %w", err)
	}
	stamp, err := info.Validate(j.made.signature)
	if err != nil {
		return time.Time{}, fmt.Errorf("timestamp: %w", err)
	}
	token.Certificates = append(token.Certificates, j.TimeRoots...) // tokens may leave them out
	if _, err := token.Verify(ctx, x509.VerifyOptions{Roots: j.timeRoots, CurrentTime: stamp.Value}); err != nil {
		return time.Time{}, fmt.Errorf("timestamp: %w", err)
	}
	return stamp.Value.UTC(), nil
}

// readToken reads a timestamp, with or without the response around it.
func readToken(data []byte) (*tsp.SignedToken, error) {
	var response tsp.Response
	if err := response.UnmarshalBinary(data); err == nil {
		return response.SignedToken()
	}
	return tsp.ParseSignedToken(data)
}

// chainAt checks that the certificate leads to a root at a time, may sign code,
// and names an identity that is trusted.
func (j *cosignJudge) chainAt(at time.Time) ([]*x509.Certificate, trust.Reason) {
	c := *j.made.certificate
	// Names that the standard library does not know are no fault: they are read
	// by whoever knows them, and never match here.
	c.UnhandledCriticalExtensions = slices.DeleteFunc(slices.Clone(c.UnhandledCriticalExtensions), func(id asn1.ObjectIdentifier) bool { return id.Equal(oidAlternativeName) })
	chains, err := c.Verify(x509.VerifyOptions{
		Roots: j.roots, Intermediates: poolOf(j.made.chain), CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	})
	if err != nil {
		return nil, trust.Because(trust.UntrustedRoot, j.signature.Signer, givenRoots)
	}
	subject, issuer := identityOf(j.made.certificate)
	for _, m := range j.identities {
		if m.subject.MatchString(subject) && m.issuer.MatchString(issuer) {
			return chains[0], trust.Reason{Code: trust.Verified}
		}
	}
	names := make([]string, 0, len(j.Identities))
	for _, i := range j.Identities {
		names = append(names, i.String())
	}
	return nil, trust.Because(trust.WrongIdentity, subject+" ("+issuer+")", yourChoice, strings.Join(names, "; "))
}

// Object identifiers of extensions.
var (
	oidAlternativeName = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidIssuer          = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 8}
	oidIssuerOld       = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 1}
)

// identityOf is the subject that a certificate was given to, and the issuer of
// the login that it rests on.
func identityOf(c *x509.Certificate) (subject, issuer string) {
	switch {
	case len(c.EmailAddresses) > 0:
		subject = c.EmailAddresses[0]
	case len(c.URIs) > 0:
		subject = c.URIs[0].String()
	case len(c.DNSNames) > 0:
		subject = c.DNSNames[0]
	}
	for _, e := range c.Extensions {
		switch {
		case e.Id.Equal(oidIssuer):
			var text string
			if rest, err := asn1.Unmarshal(e.Value, &text); err == nil && len(rest) == 0 {
				return subject, text
			}
		case e.Id.Equal(oidIssuerOld):
			issuer = string(e.Value)
		}
	}
	return subject, issuer
}
