package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/notaryproject/notation-core-go/revocation"
	"github.com/notaryproject/notation-core-go/revocation/crl"
	"github.com/notaryproject/notation-core-go/revocation/purpose"
	crlcache "github.com/notaryproject/notation-go/verifier/crl"
	"golang.org/x/crypto/ocsp"

	"github.com/foilsec/foil/internal/image/trust"
)

// errOffline is the answer of every authority when none may be asked.
var errOffline = errors.New("authorities are not asked offline")

// newValidator checks certificates for withdrawal: OCSP first, lists second.
func newValidator(o *Options, p purpose.Purpose, name string) (revocation.Validator, error) {
	lists, err := newLists(o)
	if err != nil {
		return nil, err
	}
	client := *o.Client
	client.Transport = &ocspWitness{next: client.Transport, offline: o.Offline}
	v, err := revocation.NewWithOptions(revocation.Options{OCSPHTTPClient: &client, CRLFetcher: lists, CertChainPurpose: p})
	if err != nil {
		return nil, fmt.Errorf("prepare the check of withdrawn certificates: %w", err)
	}
	return journaling{v, name, time.Now}, nil
}

// ocspWitness notes the times of OCSP answers that pass through. Whether an
// answer counts is not its business.
type ocspWitness struct {
	next    http.RoundTripper
	offline bool
}

// mostAnswerBytes is what the library reads of an answer.
const mostAnswerBytes = 20480

// RoundTrip implements http.RoundTripper.
func (w *ocspWitness) RoundTrip(request *http.Request) (*http.Response, error) {
	if w.offline {
		return nil, errOffline
	}
	next := w.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswerBytes))
	_ = response.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", request.URL.Host, err)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if parsed, err := ocsp.ParseResponse(body, nil); err == nil {
		note(request.Context(), answer{
			method: trust.OCSP, url: request.URL.String(), serial: parsed.SerialNumber,
			thisUpdate: parsed.ThisUpdate, nextUpdate: parsed.NextUpdate, revokedAt: parsed.RevokedAt,
		})
	}
	return response, nil
}

// lists fetches revocation lists, from the folder of kept ones first.
type lists struct {
	fetcher *crl.HTTPFetcher
	cache   *crlcache.FileCache // nil: none are kept
	folder  string
	offline bool
}

func newLists(o *Options) (*lists, error) {
	fetcher, err := crl.NewHTTPFetcher(o.Client)
	if err != nil {
		return nil, fmt.Errorf("prepare the download of revocation lists: %w", err)
	}
	l := &lists{fetcher: fetcher, folder: o.CRLCache, offline: o.Offline}
	if o.CRLCache != "" {
		if l.cache, err = crlcache.NewFileCache(o.CRLCache); err != nil {
			return nil, fmt.Errorf("open the folder of revocation lists: %w", err)
		}
	}
	return l, nil
}

// Fetch implements crl.Fetcher. A list that can't be kept is used all the same.
func (l *lists) Fetch(ctx context.Context, url string) (*crl.Bundle, error) {
	if l.cache != nil {
		if kept, err := l.cache.Get(ctx, url); err == nil {
			l.note(ctx, url, kept, true)
			return kept, nil
		}
	}
	fresh, err := l.download(ctx, url)
	if err != nil {
		return nil, l.withKept(ctx, url, err)
	}
	l.note(ctx, url, fresh, false)
	if l.cache != nil {
		_ = l.cache.Set(ctx, url, fresh)
	}
	return fresh, nil
}

func (l *lists) download(ctx context.Context, url string) (*crl.Bundle, error) {
	if l.offline {
		return nil, errOffline
	}
	return l.fetcher.Fetch(ctx, url)
}

func (l *lists) note(ctx context.Context, url string, b *crl.Bundle, kept bool) {
	note(ctx, answer{
		method: trust.CRL, url: url, list: b.BaseCRL, fromCache: kept,
		thisUpdate: b.BaseCRL.ThisUpdate, nextUpdate: b.BaseCRL.NextUpdate,
	})
}

// withKept adds to an error that a kept list exists and has run out.
func (l *lists) withKept(ctx context.Context, url string, err error) error {
	old := l.ranOut(url)
	if old == nil {
		return err
	}
	l.note(ctx, url, &crl.Bundle{BaseCRL: old}, true)
	return fmt.Errorf("%w; the kept list counted until %s", err, old.NextUpdate.UTC().Format(time.RFC3339))
}

// ranOut reads a kept list whose time is over, which the cache gives to nobody.
func (l *lists) ranOut(url string) *x509.RevocationList {
	if l.folder == "" {
		return nil
	}
	name := sha256.Sum256([]byte(url))
	data, err := os.ReadFile(filepath.Join(l.folder, hex.EncodeToString(name[:])))
	if err != nil {
		return nil
	}
	var kept struct {
		BaseCRL []byte `json:"baseCRL"`
	}
	if json.Unmarshal(data, &kept) != nil {
		return nil
	}
	list, err := x509.ParseRevocationList(kept.BaseCRL)
	if err != nil {
		return nil
	}
	return list
}
