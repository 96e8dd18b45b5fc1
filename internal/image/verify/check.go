package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/notation-core-go/revocation/purpose"
	notationgo "github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"

	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/trust"
)

// Verifier checks the signatures of images. It is safe for concurrent use.
type Verifier struct {
	options  Options
	notation notationgo.Verifier // nil without a policy
	cosign   *cosignVerifier
}

// New prepares a verifier.
func New(o Options) (*Verifier, error) {
	o = o.withDefaults()
	v := &Verifier{options: o}
	var err error
	if v.cosign, err = newCosign(&o.Cosign); err != nil {
		return nil, err
	}
	if o.Policy == nil {
		return v, nil
	}
	signing, err := newValidator(&o, purpose.CodeSigning, "code-signing")
	if err != nil {
		return nil, err
	}
	timestamping, err := newValidator(&o, purpose.Timestamping, "timestamping")
	if err != nil {
		return nil, err
	}
	v.notation, err = verifier.NewWithOptions(&o.Policy.document, o.store(), o.plugins(), verifier.VerifierOptions{
		RevocationCodeSigningValidator: signing, RevocationTimestampingValidator: timestamping,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the verification of Notation signatures: %w", err)
	}
	return v, nil
}

// Check verifies the signatures of an image. It fails only when the reference
// is none or the context ended; whatever else goes wrong is in the result.
func (v *Verifier) Check(ctx context.Context, reference string) (trust.Result, error) {
	l, err := registry.Parse(reference)
	if err != nil {
		return trust.Result{}, err
	}
	return v.CheckAt(ctx, l)
}

// CheckAt verifies the signatures of the image at a location.
func (v *Verifier) CheckAt(ctx context.Context, l registry.Location) (trust.Result, error) {
	c := v.begin(l)
	if c.exempt() {
		return *c.result, nil
	}
	c.run(ctx, true)
	return *c.result, ctx.Err()
}

// List shows the signatures of an image without verifying any.
func (v *Verifier) List(ctx context.Context, l registry.Location) (trust.Result, error) {
	c := v.begin(l)
	c.run(ctx, false)
	return *c.result, ctx.Err()
}

// checking is the verification of one image.
type checking struct {
	*Verifier
	location  registry.Location
	scope     string
	result    *trust.Result
	statement *trustpolicy.TrustPolicy // nil when none covers the image
	subject   registry.Descriptor
	manifest  []byte
}

func (v *Verifier) begin(l registry.Location) *checking {
	c := &checking{Verifier: v, location: l, scope: l.Repository}
	if v.options.Scope != "" {
		c.scope = v.options.Scope
	}
	c.result = &trust.Result{Reference: l.String(), Digest: l.Digest, CheckedAt: time.Now().UTC().Truncate(time.Second), Signatures: []trust.Signature{}}
	return c
}

// anyDigest stands in where only the repository of a reference counts.
const anyDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// exempt finds the statement that covers the image, and reports whether that
// says not to look. Keys and identities that the user names are looked for all
// the same.
func (c *checking) exempt() bool {
	if c.options.Policy == nil {
		return false
	}
	s, err := c.options.Policy.statement(c.scope, anyDigest)
	if err != nil {
		return false
	}
	c.statement, c.result.Statement, c.result.Level = s, s.Name, s.SignatureVerification.VerificationLevel
	if !c.skips() || len(c.cosign.Keys)+len(c.cosign.Identities) > 0 {
		return false
	}
	c.result.Fail(trust.Because(trust.Exempted, s.Name))
	return true
}

// skips reports whether the statement says not to look at signatures.
func (c *checking) skips() bool {
	return c.statement.SignatureVerification.VerificationLevel == trustpolicy.LevelSkip.Name
}

func (c *checking) run(ctx context.Context, judge bool) {
	r, err := registry.Open(ctx, c.location, c.options.Registry)
	if err != nil {
		c.result.Fail(c.unreadable(err))
		return
	}
	if c.subject, c.manifest, err = r.Manifest(ctx); err != nil {
		c.result.Fail(c.unreadable(err))
		return
	}
	c.result.Digest = c.subject.Digest.String()
	candidates, cut, err := collect(ctx, r, c.subject, c.options.MaxSignatures)
	if err != nil {
		c.result.Fail(c.unreadable(err))
		return
	}
	most := min(len(candidates), c.options.MaxSignatures)
	for i := range candidates[:most] {
		c.result.Signatures = append(c.result.Signatures, c.signatures(ctx, r, &candidates[i], judge)...)
	}
	if !judge {
		return
	}
	c.result.Conclude()
	if (cut || most < len(candidates)) && c.result.State != trust.Trusted {
		c.result.Fail(trust.Because(trust.TooMany, c.result.Reference, most))
	}
}

// unreadable says why what is stored could not be read.
func (c *checking) unreadable(err error) trust.Reason {
	name := c.result.Reference
	switch {
	case errors.Is(err, registry.ErrDamaged):
		return trust.Because(trust.ManifestDamaged, name, plain(err))
	case errors.Is(err, registry.ErrDenied):
		return trust.Because(trust.AccessDenied, name, plain(err))
	case errors.Is(err, registry.ErrNotFound):
		return trust.Because(trust.NotFound, name)
	}
	return trust.Because(trust.RegistryDown, name, plain(err))
}

// signatures reads one candidate and, if asked, judges it.
func (c *checking) signatures(ctx context.Context, r *registry.Repository, found *candidate, judge bool) []trust.Signature {
	s := trust.Signature{Format: found.format, Digest: found.manifest.Digest.String()}
	data, err := []byte(nil), found.err
	if err == nil {
		data, err = r.Read(ctx, found.blob)
	}
	if err != nil {
		c.judgeUnread(&s, err)
		return []trust.Signature{s}
	}
	switch found.format {
	case trust.Cosign, trust.CosignBundle:
		c.cosignSignature(ctx, &s, found, data, judge)
	default:
		c.notationSignature(ctx, &s, found.blob.MediaType, data, judge)
	}
	return []trust.Signature{s}
}

// judgeUnread judges a signature whose bytes are not there or not what they
// should be.
func (c *checking) judgeUnread(s *trust.Signature, err error) {
	code := trust.RegistryDown
	if errors.Is(err, registry.ErrDamaged) {
		s.Reason = trust.Because(trust.Damaged, plain(err))
	} else {
		s.Reason = trust.Because(code, s.Digest, plain(err))
	}
	s.State = s.Reason.Code.State()
}
