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
			return &exitError{code: CodeGate, err: fmt.Errorf("gate failed: %s %s or worse", counted(failed, "open finding is", "open findings are"), g.least)}
		}
	}
	if !r.Coverage.Complete {
		return &exitError{code: CodeIncomplete, err: fmt.Errorf(
			"incomplete: %s could not be read, %s could not be given",
			counted(len(r.Coverage.Gaps), "thing", "things"), counted(len(r.Coverage.NotEvaluated), "verdict", "verdicts"))}
	}
	return nil
}

// counted writes a number with the word for one or for more.
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", more)
}
