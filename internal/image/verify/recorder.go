package verify

import (
	"context"
	"crypto/x509"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/notaryproject/notation-core-go/revocation"
	"github.com/notaryproject/notation-core-go/revocation/result"

	"github.com/foilsec/foil/internal/image/trust"
)

// recorder keeps what authorities answered while one signature is verified: the
// library tells what came of it, and not from when the answer is.
type recorder struct {
	mutex   sync.Mutex
	answers []answer
	journal []trust.Revocation
}

// answer is what one authority said.
type answer struct {
	method     trust.Method
	url        string
	serial     *big.Int // OCSP answers are about one certificate
	list       *x509.RevocationList
	thisUpdate time.Time
	nextUpdate time.Time
	revokedAt  time.Time
	fromCache  bool
}

type recorderKey struct{}

// recording is a context whose questions to authorities are recorded.
func recording(ctx context.Context) (context.Context, *recorder) {
	r := &recorder{}
	return context.WithValue(ctx, recorderKey{}, r), r
}

// note keeps an answer, when somebody wants it.
func note(ctx context.Context, a answer) {
	r, ok := ctx.Value(recorderKey{}).(*recorder)
	if !ok {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.answers = append(r.answers, a)
}

// find is the last answer of a server about a certificate.
func (r *recorder) find(method trust.Method, server string, certificate *x509.Certificate) (answer, bool) {
	for i := len(r.answers) - 1; i >= 0; i-- {
		a := r.answers[i]
		if a.method != method || !strings.HasPrefix(a.url, server) {
			continue
		}
		if a.serial != nil && a.serial.Cmp(certificate.SerialNumber) != 0 {
			continue
		}
		return a, true
	}
	return answer{}, false
}

// journaling is a validator that writes down what it found.
type journaling struct {
	revocation.Validator
	purpose string
	now     func() time.Time
}

// ValidateContext implements revocation.Validator.
func (j journaling) ValidateContext(ctx context.Context, o revocation.ValidateContextOptions) ([]*result.CertRevocationResult, error) {
	results, err := j.Validator.ValidateContext(ctx, o)
	if r, ok := ctx.Value(recorderKey{}).(*recorder); ok && err == nil {
		r.write(j.purpose, o.CertChain, results, j.now())
	}
	return results, err
}

// write turns results into the journal. The root of a chain can't be withdrawn
// and has no entry.
func (r *recorder) write(purpose string, chain []*x509.Certificate, results []*result.CertRevocationResult, now time.Time) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for i, found := range results {
		if i >= len(chain) || i == len(chain)-1 && len(chain) > 1 {
			break
		}
		for _, server := range found.ServerResults {
			entry := r.entry(chain[i], server, now)
			entry.Purpose = purpose
			r.journal = append(r.journal, entry)
		}
	}
}

func (r *recorder) entry(certificate *x509.Certificate, server *result.ServerResult, now time.Time) trust.Revocation {
	entry := trust.Revocation{Certificate: certificate.Subject.String(), Server: server.Server, Method: trust.NoMethod, Status: status(server.Result)}
	switch server.RevocationMethod {
	case result.RevocationMethodOCSP:
		entry.Method = trust.OCSP
	case result.RevocationMethodCRL:
		entry.Method = trust.CRL
	}
	if server.Result == result.ResultNonRevokable {
		entry.Method = trust.NoMethod
		return entry
	}
	if server.Error != nil && server.Result == result.ResultUnknown {
		entry.Error = server.Error.Error()
	}
	if a, ok := r.find(entry.Method, server.Server, certificate); ok {
		entry.ThisUpdate, entry.NextUpdate, entry.FromCache = a.thisUpdate, a.nextUpdate, a.fromCache
		entry.RevokedAt = a.revocationOf(certificate)
		if !a.thisUpdate.IsZero() {
			entry.Age = trust.Age(now.Sub(a.thisUpdate))
		}
	}
	return entry
}

func (a answer) revocationOf(certificate *x509.Certificate) time.Time {
	if a.list == nil {
		return a.revokedAt
	}
	for i := range a.list.RevokedCertificateEntries {
		if entry := &a.list.RevokedCertificateEntries[i]; entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 {
			return entry.RevocationTime
		}
	}
	return time.Time{}
}

func status(r result.Result) trust.Status {
	switch r {
	case result.ResultOK:
		return trust.Good
	case result.ResultRevoked:
		return trust.Revoked
	case result.ResultNonRevokable:
		return trust.NotRevocable
	}
	return trust.NoAnswer
}
