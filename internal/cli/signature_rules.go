package cli

import (
	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/analyze/signature"
	"github.com/foilsec/foil/internal/image/verify"
	"github.com/foilsec/foil/internal/pipeline"
)

// addSignatureRules adds what judges signatures of images, when the user says
// whom to trust: without that, every answer would be "not trusted".
func addSignatureRules(c *cobra.Command, o *pipeline.ScanOptions) error {
	if !saysWhomToTrust(c) {
		return nil
	}
	options, err := verifyOptions(c)
	if err != nil {
		return err
	}
	checker, err := verify.New(options)
	if err != nil {
		return usageError(err, "")
	}
	o.Analyzers = append(o.Analyzers, signature.New(checker, must(c.Flags().GetInt("workers"))))
	return nil
}

func saysWhomToTrust(c *cobra.Command) bool {
	f := c.Flags()
	return must(f.GetString("trust-policy")) != "" || len(must(f.GetStringArray("key"))) > 0 ||
		must(f.GetString("certificate-identity")) != "" || must(f.GetString("certificate-identity-regexp")) != ""
}
