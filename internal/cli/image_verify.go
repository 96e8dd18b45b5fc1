package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

func newImageVerify(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "verify IMAGE...",
		Short: "Say who signed images, and whether that counts",
		Long: `Verify checks the signatures of images: those of Notation by a trust policy and a
trust store, those of Cosign by public keys or by identities. It says why a
signature does not count. Not signed, not trusted and could not be checked are
three answers.

Exit codes: 0 trusted, or exempt by the policy; 2 not signed or not trusted;
3 could not be checked.`,
		Example: `  foil image verify registry.example/shop/kitchen:1.4
  foil image verify registry.example/shop/kitchen:1.4 --trust-policy policy.json --trust-store ./truststore
  foil image verify ghcr.io/shop/kitchen:1.4 --key cosign.pub`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runImageVerify(c, args, streams) },
	}
	addLocationFlags(c)
	addTrustFlags(c)
	c.Flags().String("scope", "", "repository by which the trust policy knows the image, where it lies elsewhere")
	c.Flags().StringArrayP("user-metadata", "m", nil, "NAME=VALUE that a Notation signature has to state (repeatable)")
	return c
}

// addTrustFlags are the flags that say whom to trust.
func addTrustFlags(c *cobra.Command) {
	f := c.Flags()
	f.String("trust-policy", "", "trust policy of Notation (default: trustpolicy.json of Notation's folder)")
	f.String("trust-store", "", "trust store of Notation, a folder with x509 in it (default: that of Notation's folder)")
	f.StringArray("plugin-config", nil, "NAME=VALUE for a verification plugin (repeatable)")
	f.Int("max-signatures", 0, "how many signatures of one image to look at (default 50)")
	f.Bool("offline", false, "ask no certificate authority: revocation lists that were kept must do")
	f.StringArray("key", nil, "PEM file of public keys that Cosign signatures may be made with (repeatable)")
	f.String("certificate-identity", "", "subject of the certificate of a keyless Cosign signature")
	f.String("certificate-identity-regexp", "", "the same, as a regular expression for the whole subject")
	f.String("certificate-oidc-issuer", "", "issuer of the login that the certificate rests on")
	f.String("certificate-oidc-issuer-regexp", "", "the same, as a regular expression for the whole issuer")
	f.String("ca-roots", "", "PEM file of the authorities that certify identities, such as Fulcio")
	f.String("rekor-key", "", "PEM file of keys of transparency logs, such as Rekor")
	f.String("ct-key", "", "PEM file of keys of certificate logs; with it, certificates have to be in one")
	f.String("timestamp-root-cert", "", "PEM file of the authorities of timestamps on Cosign signatures")
	f.Bool("require-log", false, "refuse Cosign signatures that no transparency log vouches for")
}

func runImageVerify(c *cobra.Command, args []string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	list, err := locations(c, args)
	if err != nil {
		return err
	}
	options, err := verifyOptions(c)
	if err != nil {
		return err
	}
	if options.Policy == nil && len(options.Cosign.Keys)+len(options.Cosign.Identities) == 0 {
		return usageError(errors.New("nothing to verify with"), "give --trust-policy and --trust-store, --key, or --certificate-identity; foil image list-signatures shows what is there")
	}
	v, err := verify.New(options)
	if err != nil {
		return usageError(err, "see foil image verify --help")
	}
	results, err := eachImage(list, func(l registry.Location) (trust.Result, error) { return v.CheckAt(c.Context(), l) })
	if err != nil {
		return err
	}
	if err := printResults(c, streams, results); err != nil {
		return err
	}
	return verdictOf(results)
}

func eachImage(list []registry.Location, look func(registry.Location) (trust.Result, error)) ([]trust.Result, error) {
	var results []trust.Result
	for _, l := range list {
		r, err := look(l)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// verdictOf is the exit code of several images: a bad one before one that could
// not be checked.
func verdictOf(results []trust.Result) error {
	bad, unknown := 0, 0
	for i := range results {
		switch results[i].State {
		case trust.Trusted, trust.Exempt:
		case trust.Unchecked:
			unknown++
		default:
			bad++
		}
	}
	switch {
	case bad > 0:
		return &exitError{code: CodeGate, err: fmt.Errorf("%s not signed by anybody who is trusted", counted(bad, "image is", "images are"))}
	case unknown > 0:
		return &exitError{code: CodeIncomplete, err: fmt.Errorf("%s could not be checked", counted(unknown, "image", "images"))}
	}
	return nil
}

// verifyOptions reads the flags of trust.
func verifyOptions(c *cobra.Command) (o verify.Options, err error) {
	o = verify.Options{
		TrustStore: must(c.Flags().GetString("trust-store")), Plugins: inNotation("plugins"),
		Offline: must(c.Flags().GetBool("offline")), MaxSignatures: must(c.Flags().GetInt("max-signatures")), Registry: registryOptions(c),
	}
	if o.TrustStore == "" {
		o.TrustStore = inNotation("truststore")
	}
	if o.CRLCache, err = verify.CacheHome(); err != nil {
		o.CRLCache = "" // no home folder: nothing is kept
	}
	if o.Cosign, err = cosignOptions(c); err != nil {
		return o, usageError(err, "")
	}
	named := len(o.Cosign.Keys)+len(o.Cosign.Identities) > 0
	if o.Policy, err = trustPolicy(must(c.Flags().GetString("trust-policy")), named); err != nil {
		return o, usageError(err, "")
	}
	if o.PluginConfig, err = pairs(c, "plugin-config"); err != nil {
		return o, err
	}
	if c.Flags().Lookup("scope") != nil {
		o.Scope = must(c.Flags().GetString("scope"))
		if o.Metadata, err = pairs(c, "user-metadata"); err != nil {
			return o, err
		}
	}
	return o, nil
}

// trustPolicy reads the policy that is named, or the user's own if there is one.
// Who names a key or an identity asks about that, and not about whom else the
// user trusts.
func trustPolicy(path string, otherNamed bool) (*verify.Policy, error) {
	if path == "" && otherNamed {
		return nil, nil //nolint:nilnil // no policy is asked for
	}
	if path == "" {
		path = inNotation("trustpolicy.json")
		if _, err := os.Lstat(path); err != nil {
			return nil, nil //nolint:nilerr,nilnil // most users have no policy
		}
	}
	return verify.ReadPolicy(path)
}

func cosignOptions(c *cobra.Command) (o verify.CosignOptions, err error) {
	text := func(name string) string { return must(c.Flags().GetString(name)) }
	for _, path := range must(c.Flags().GetStringArray("key")) {
		keys, err := verify.ReadPublicKeys(path)
		if err != nil {
			return o, err
		}
		o.Keys = append(o.Keys, keys...)
	}
	i := verify.Identity{
		Subject: text("certificate-identity"), SubjectPattern: text("certificate-identity-regexp"),
		Issuer: text("certificate-oidc-issuer"), IssuerPattern: text("certificate-oidc-issuer-regexp"),
	}
	if i != (verify.Identity{}) {
		o.Identities = []verify.Identity{i}
	}
	o.RequireLog = must(c.Flags().GetBool("require-log"))
	if o.LogKeys, err = keysOf(text("rekor-key")); err != nil {
		return o, err
	}
	if o.CertificateLogKeys, err = keysOf(text("ct-key")); err != nil {
		return o, err
	}
	if o.Roots, err = certificatesOf(text("ca-roots")); err != nil {
		return o, err
	}
	o.TimeRoots, err = certificatesOf(text("timestamp-root-cert"))
	return o, err
}

func keysOf(path string) ([]verify.PublicKey, error) {
	if path == "" {
		return nil, nil
	}
	return verify.ReadPublicKeys(path)
}
