package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/report"
)

// gate is the condition under which a scan fails a pipeline.
type gate struct {
	set   bool
	least finding.Severity
}

func parseGate(c *cobra.Command) (gate, error) {
	name := must(c.Flags().GetString("fail-on"))
	if name == "" {
		return gate{}, nil
	}
	s, err := finding.ParseSeverity(name)
	if err != nil {
		return gate{}, usageError(fmt.Errorf("--fail-on: %w", err), "")
	}
	return gate{set: true, least: s}, nil
}

// verdict is the end of a scan: a failed gate, or incomplete coverage, or nil.
func verdict(r *report.Report, g gate) error {
	if g.set {
		failed := 0
		for _, s := range finding.Severities() {
			if s >= g.least {
				failed += r.Summary.BySeverity[s.String()]
			}
		}
		if failed > 0 {
			return &exitError{code: CodeGate, err: fmt.Errorf("gate failed: %d open findings are %s or worse", failed, g.least)}
		}
	}
	if !r.Coverage.Complete {
		return &exitError{code: CodeIncomplete, err: fmt.Errorf(
			"incomplete: %d things could not be read, %d verdicts could not be given", len(r.Coverage.Gaps), len(r.Coverage.NotEvaluated))}
	}
	return nil
}
