package pipeline

import (
	"time"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/eol"
	"github.com/foilsec/foil/internal/analyze/secret"
	"github.com/foilsec/foil/internal/analyze/vuln"
	lifecycle "github.com/foilsec/foil/internal/feed/eol"
)

// ImageOptions are what the analyzers of images need.
type ImageOptions struct {
	Now time.Time
	// Lifecycle says until when products are supported; nil for the copy in the
	// user's cache or the built-in one.
	Lifecycle *lifecycle.DB
	// Lookahead is how long before its end support is reported; 0 means 90 days.
	Lookahead time.Duration
	// Statements are what publishers say about flaws; may be nil.
	Statements vuln.Statements
	// OnlyFixed leaves out flaws without a fixed version.
	OnlyFixed bool
}

// ImageAnalyzers judge what images hold: flaws, end of support, credentials.
func ImageAnalyzers(o ImageOptions) []analyze.Analyzer {
	return []analyze.Analyzer{
		vuln.New(vuln.Options{Statements: o.Statements, OnlyFixed: o.OnlyFixed}),
		Support(o),
		secret.New(),
	}
}

// Support judges the end of support, of what images hold and of what clusters
// and manifests name.
func Support(o ImageOptions) analyze.Analyzer {
	data, err := o.Lifecycle, error(nil)
	if data == nil {
		data, err = lifecycle.Find("")
	}
	return eol.New(eol.Options{Data: data, Unavailable: err, Now: o.Now, Lookahead: o.Lookahead})
}
