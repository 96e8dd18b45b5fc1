package signature

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/lang"
)

// Checker says what is known of the signatures of an image. It is safe for
// concurrent use.
type Checker interface {
	Check(ctx context.Context, reference string) (trust.Result, error)
}

// Analyzer judges the signatures of images.
type Analyzer struct {
	checker Checker
	workers int
}

var _ analyze.Analyzer = (*Analyzer)(nil)

// defaultWorkers is how many images are asked about at once: registries count
// questions.
const defaultWorkers = 4

// New makes the analyzer; 0 workers means the usual number.
func New(c Checker, workers int) *Analyzer {
	if workers <= 0 {
		workers = defaultWorkers
	}
	return &Analyzer{checker: c, workers: workers}
}

// Rules implements analyze.Analyzer.
func (a *Analyzer) Rules() []finding.Rule { return rules() }

// Analyze implements analyze.Analyzer. Every image is asked about once, however
// many workloads run it.
func (a *Analyzer) Analyze(ctx context.Context, facts *analyze.Facts, sink analyze.Sink) error {
	list := collect(facts.Snapshot)
	results := a.check(ctx, list)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped while the signatures of images were checked: %w", err)
	}
	judged := 0
	for _, u := range list {
		if report(u, results, sink) {
			judged++
		}
	}
	for _, rule := range []string{Unsigned, Invalid} {
		sink.Evaluated(rule, judged)
	}
	sink.Evaluated(Unchecked, len(list))
	return nil
}

// check asks about every image, a few at a time.
func (a *Analyzer) check(ctx context.Context, list []*use) map[string]trust.Result {
	results := map[string]trust.Result{}
	var references []string
	for _, u := range list {
		for _, reference := range u.references {
			if _, known := results[reference]; !known {
				results[reference] = trust.Result{}
				references = append(references, reference)
			}
		}
	}
	queue := make(chan string)
	var workers sync.WaitGroup
	var mutex sync.Mutex
	for range min(a.workers, len(references)) {
		workers.Go(func() {
			for reference := range queue {
				r := a.one(ctx, reference)
				mutex.Lock()
				results[reference] = r
				mutex.Unlock()
			}
		})
	}
	for _, reference := range references {
		queue <- reference
	}
	close(queue)
	workers.Wait()
	return results
}

func (a *Analyzer) one(ctx context.Context, reference string) trust.Result {
	if ctx.Err() != nil {
		return trust.Result{}
	}
	r, err := a.checker.Check(ctx, reference)
	if err != nil {
		r.Reference = reference
		r.Fail(trust.Because(trust.NotVerifiable, err))
	}
	return r
}

// badness orders states for a repository of which several images run.
var badness = []trust.State{trust.Exempt, trust.Trusted, trust.Unchecked, trust.Unsigned, trust.NotTrusted}

// report tells the worst of what a node runs from one repository; it reports
// whether there was a verdict on all of it.
func report(u *use, results map[string]trust.Result, sink analyze.Sink) bool {
	worst, judged := trust.Result{State: trust.Exempt}, true
	for _, reference := range u.references {
		r := results[reference]
		if slices.Index(badness, r.State) > slices.Index(badness, worst.State) {
			worst = r
		}
		if r.State == trust.Unchecked {
			judged = false
			for _, rule := range []string{Unsigned, Invalid} {
				sink.NotEvaluated(rule, u.node, r.Reason.Text.EN)
			}
		}
	}
	if rule := ruleOf(worst.State); rule != "" {
		sink.Finding(find(rule, u, &worst))
	}
	return judged
}

func find(rule string, u *use, r *trust.Result) finding.Finding {
	f := finding.Finding{
		Rule: rule, Node: u.node, State: finding.Open, Severity: severity(rule),
		Message: lang.Text{
			EN: fmt.Sprintf("%s uses %s: %s", check.Name(u.node), u.repository, r.Reason.Text.EN),
			ZH: fmt.Sprintf("%s 使用 %s：%s", check.Name(u.node), u.repository, r.Reason.Text.ZH),
		},
		Evidence:    u.evidence,
		Fingerprint: finding.NewFingerprint(rule, u.node, u.repository),
	}
	for i := range r.Signatures {
		s := &r.Signatures[i]
		if s.Reason.Code == "" || i >= mostEvidence {
			continue
		}
		f.Evidence = append(f.Evidence, remark(lang.Text{
			EN: fmt.Sprintf("Signature %s (%s): %s", s.Digest, s.Format, s.Reason.Text.EN),
			ZH: fmt.Sprintf("签名 %s（%s）：%s", s.Digest, s.Format, s.Reason.Text.ZH),
		}))
	}
	return f
}

func severity(rule string) finding.Severity {
	for _, r := range rules() {
		if r.ID == rule {
			return r.Severity
		}
	}
	return finding.Medium
}
