package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// judgeBackends fails every object of the kinds that leads to a Service which
// is not there.
func (f *facts) judgeBackends(v *check.Verdicts, kinds ...graph.Kind) {
	for n := range f.snapshot.OfKind(kinds...) {
		var missing []reach.Backend
		for b := range reach.Backends(n) {
			if !f.exists(b.Service()) {
				missing = append(missing, b)
			}
		}
		if len(missing) == 0 {
			v.Pass(n)
			continue
		}
		var evidence []finding.Evidence
		for _, b := range missing {
			evidence = append(evidence, check.At(b.Field))
		}
		v.Fail(n, check.Fault{
			Message:  check.Say(lang.Text{EN: "%s does not exist.", ZH: "%s 不存在。"}, check.Name(missing[0].Service())),
			Evidence: evidence,
		})
	}
}
