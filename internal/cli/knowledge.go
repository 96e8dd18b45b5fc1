package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/pipeline"
)

// addKnowledgeFlags declares the flags that say what is known of packages, and
// what counts.
func addKnowledgeFlags(c *cobra.Command) {
	f := c.Flags()
	f.String("db", "", "vulnerability database (default: the imported one, else the built-in one)")
	f.String("max-db-age", "1y", "count advisories older than this as missing: 7d, 36h, 1y; 0h for no limit")
	f.StringArray("vex", nil, "file or folder of VEX statements: OpenVEX, CSAF, CycloneDX (repeatable)")
	f.Bool("only-fixed", false, "accept flaws for which there is no fixed version")
	f.String("lookahead", "90d", "report the end of support this long before")
}

// addImageRules adds what judges images, where the target may hold any. What
// objects of Kubernetes say about the software that they run is judged anyway.
func addImageRules(c *cobra.Command, t *target, o *pipeline.ScanOptions) error {
	images, err := imageRuleOptions(c, o.Now)
	if err != nil {
		return err
	}
	if !t.mayHoldImages {
		o.Analyzers = append(o.Analyzers, pipeline.Support(images))
		return nil
	}
	maxAge := time.Duration(0)
	if text := must(c.Flags().GetString("max-db-age")); text != "" {
		if maxAge, err = parseAge(text); err != nil {
			return usageError(fmt.Errorf("--max-db-age: %w", err), "")
		}
	}
	if images.Statements, err = pipeline.LoadStatements(must(c.Flags().GetStringArray("vex"))); err != nil {
		return usageError(err, "")
	}
	flaws, err := vuln.Find(must(c.Flags().GetString("db"))) // open until the process ends
	if err != nil {
		return err
	}
	o.Derivers = append(o.Derivers, pipeline.Flaws(flaws, o.Now, maxAge))
	o.Analyzers = append(o.Analyzers, pipeline.ImageAnalyzers(images)...)
	return nil
}

func imageRuleOptions(c *cobra.Command, now time.Time) (pipeline.ImageOptions, error) {
	o := pipeline.ImageOptions{Now: now, OnlyFixed: must(c.Flags().GetBool("only-fixed"))}
	text := must(c.Flags().GetString("lookahead"))
	if text == "" {
		return o, nil
	}
	var err error
	if o.Lookahead, err = parseAge(text); err != nil {
		return o, usageError(fmt.Errorf("--lookahead: %w", err), "")
	}
	return o, nil
}
