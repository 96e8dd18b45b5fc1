package verify

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/lang"
)

// CosignOptions say what signatures of Cosign are verified with: keys, or
// identities whose certificates lead to one of the roots.
type CosignOptions struct {
	Keys       []PublicKey
	Identities []Identity
	Roots      []*x509.Certificate // authorities that certify identities
	// LogKeys are the keys of transparency logs. An entry of such a log proves
	// when a signature existed.
	LogKeys []PublicKey
	// RequireLog refuses signatures that no log vouches for.
	RequireLog bool
	// CertificateLogKeys are the keys of certificate logs; with them every
	// certificate of an identity has to be in one.
	CertificateLogKeys []PublicKey
	TimeRoots          []*x509.Certificate // authorities of timestamps
}

// PublicKey is a key, and what to call it.
type PublicKey struct {
	Name string
	Key  crypto.PublicKey
}

// Identity is who may sign: a subject, and the issuer that vouches for it. The
// patterns are regular expressions that have to match as a whole.
type Identity struct {
	Subject        string
	SubjectPattern string
	Issuer         string
	IssuerPattern  string
}

// String is the identity as people write it.
func (i Identity) String() string {
	return i.Subject + i.SubjectPattern + " (" + i.Issuer + i.IssuerPattern + ")"
}

// cosignVerifier judges what Cosign made.
type cosignVerifier struct {
	CosignOptions
	identities []matcher
	roots      *x509.CertPool
	timeRoots  *x509.CertPool
}

// matcher is an identity, compiled.
type matcher struct{ subject, issuer *regexp.Regexp }

func newCosign(o *CosignOptions) (*cosignVerifier, error) {
	v := &cosignVerifier{CosignOptions: *o, roots: poolOf(o.Roots), timeRoots: poolOf(o.TimeRoots)}
	for _, i := range o.Identities {
		subject, err := pattern(i.Subject, i.SubjectPattern)
		if err != nil {
			return nil, fmt.Errorf("identity to trust: subject: %w", err)
		}
		issuer, err := pattern(i.Issuer, i.IssuerPattern)
		if err != nil {
			return nil, fmt.Errorf("identity to trust: issuer: %w", err)
		}
		v.identities = append(v.identities, matcher{subject, issuer})
	}
	if len(o.Identities) > 0 && len(o.Roots) == 0 {
		return nil, errors.New("identities are named, but no root certificate that they could lead to")
	}
	return v, nil
}

func pattern(exact, expression string) (*regexp.Regexp, error) {
	switch {
	case exact != "":
		return regexp.Compile("^" + regexp.QuoteMeta(exact) + "$")
	case expression != "":
		return regexp.Compile("^(?:" + expression + ")$")
	}
	return nil, errors.New("neither a name nor a pattern is given")
}

func poolOf(certificates []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certificates {
		pool.AddCert(c)
	}
	return pool
}

// cosignSignature describes and, if asked, judges what Cosign stored.
func (c *checking) cosignSignature(ctx context.Context, s *trust.Signature, found *candidate, data []byte, judge bool) {
	m, err := readCosign(found, data, c.manifest)
	if err != nil {
		s.Reason = trust.Because(trust.Damaged, plain(err))
		if judge {
			s.State = s.Reason.Code.State()
		}
		return
	}
	describeCosign(s, m)
	if !judge {
		return
	}
	j := cosignJudge{cosignVerifier: c.cosign, made: m, signature: s, image: c.subject.Digest.String()}
	s.Reason = j.judge(ctx)
	s.State = s.Reason.Code.State()
}

func describeCosign(s *trust.Signature, m *cosignMade) {
	s.Predicate = m.predicate
	s.Metadata = m.metadata
	if m.certificate == nil {
		s.Signer = m.keyHint
		return
	}
	describeChain(s, append([]*x509.Certificate{m.certificate}, m.chain...))
	if subject, issuer := identityOf(m.certificate); subject != "" {
		s.Signer, s.Issuer = subject, issuer
	}
}

// cosignJudge judges one signature.
type cosignJudge struct {
	*cosignVerifier
	made      *cosignMade
	signature *trust.Signature
	image     string // digest
}

// judge makes the checks and gives the reason of the whole: the first that did
// not pass.
func (j *cosignJudge) judge(ctx context.Context) trust.Reason {
	if missing, ok := j.missing(); ok {
		return trust.Because(trust.NothingToVerifyWith, "Cosign", missing)
	}
	who := j.byKey()
	if who.Code != trust.Verified && j.made.certificate != nil && len(j.identities) > 0 {
		who = j.byIdentity(ctx)
	} else {
		j.note(trust.Authenticity, who)
		if who.Code == trust.Verified {
			who = j.after(who, trust.Transparency, j.keyInLog())
		}
	}
	subject := j.subject()
	j.note(trust.Subject, subject)
	if who.Code == trust.Verified && subject.Code != trust.Verified {
		return subject
	}
	return who
}

// after adds a further check: its reason counts when it did not pass.
func (j *cosignJudge) after(before trust.Reason, kind trust.Kind, reason trust.Reason) trust.Reason {
	if reason.Code == "" { // not made
		return before
	}
	j.note(kind, reason)
	if reason.Code == trust.Verified {
		return before
	}
	return reason
}

func (j *cosignJudge) note(kind trust.Kind, reason trust.Reason) {
	c := trust.Check{Kind: kind, Action: trust.Enforce, Outcome: trust.Passed}
	if reason.Code != trust.Verified {
		c.Outcome, c.Reason = outcomeOf(reason.Code), reason
	}
	j.signature.Checks = append(j.signature.Checks, c)
}

// missing is what would be needed to verify the signature and was not given.
func (j *cosignJudge) missing() (lang.Text, bool) {
	switch {
	case j.made.certificate == nil && len(j.Keys) == 0:
		return lang.Text{EN: "no public key", ZH: "公钥"}, true
	case j.made.certificate != nil && len(j.Keys) == 0 && len(j.identities) == 0:
		return lang.Text{EN: "no identity", ZH: "可信身份"}, true
	}
	return lang.Text{}, false
}

func (j *cosignJudge) byKey() trust.Reason {
	names := make([]string, 0, len(j.Keys))
	for _, k := range j.Keys {
		if fits(k.Key, j.made.signed, j.made.signature) {
			j.signature.Signer = k.Name
			return trust.Because(trust.Verified, k.Name, givenKeys)
		}
		names = append(names, k.Name)
	}
	return trust.Because(trust.WrongKey, strings.Join(names, ", "))
}

var (
	givenKeys       = lang.Text{EN: "the key that you gave", ZH: "您提供的密钥"}
	givenIdentities = lang.Text{EN: "the identity that you named", ZH: "您指定的身份"}
)

func (j *cosignJudge) subject() trust.Reason {
	for _, digest := range j.made.subjects {
		if digest == j.image {
			return trust.Reason{Code: trust.Verified}
		}
	}
	if len(j.made.subjects) == 0 {
		return trust.Because(trust.OtherImage, noDigest)
	}
	return trust.Because(trust.OtherImage, strings.Join(j.made.subjects, ", "))
}
