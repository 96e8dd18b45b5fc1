package cli

import (
	"crypto/x509"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/sign"
	"github.com/foilsec/foil/internal/image/verify"
	"github.com/foilsec/foil/internal/lang"
)

func newImageSign(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "sign IMAGE...",
		Short: "Sign images in the way of the Notary Project",
		Long: `Sign puts a signature beside an image, in its registry or its OCI layout folder.
The image does not change. Everything that verifies Notation signatures verifies
it. The key comes from a PEM file, from Notation's list of keys, or stays in a
Notation plugin. Credentials for registries are those of docker login.`,
		Example: `  foil image sign registry.example/shop/kitchen:1.4 --key key.pem --certificate-chain chain.pem
  foil image sign oci-dir:./out:v1 --key key.pem --certificate-chain chain.pem --signature-format cose
  foil image sign registry.example/shop/kitchen@sha256:… --plugin azure-kv --id https://…`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runImageSign(c, args, streams) },
	}
	addLocationFlags(c)
	c.Flags().String("key", "", "PEM file of the private key; without --certificate-chain, the name of a key in Notation's list")
	c.Flags().String("certificate-chain", "", "PEM file of the key's certificate and those above it, the signer's first")
	c.Flags().String("plugin", "", "Notation plugin that holds the key")
	c.Flags().String("id", "", "name by which the plugin knows the key")
	c.Flags().StringArray("plugin-config", nil, "NAME=VALUE for the plugin (repeatable)")
	c.Flags().String("signature-format", "jws", "form of the signature: jws, cose")
	c.Flags().DurationP("expiry", "e", 0, "how long the signature counts, such as 720h (default: as long as its certificate)")
	c.Flags().StringArrayP("user-metadata", "m", nil, "NAME=VALUE to state in the signature (repeatable)")
	c.Flags().String("timestamp-url", "", "RFC 3161 authority that vouches for the time of signing")
	c.Flags().String("timestamp-root-cert", "", "PEM file of the root certificate of that authority")
	return c
}

func runImageSign(c *cobra.Command, args []string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	l, err := language(c)
	if err != nil {
		return err
	}
	jsonOutput, err := asJSON(c)
	if err != nil {
		return err
	}
	list, err := locations(c, args)
	if err != nil {
		return err
	}
	options, err := signOptions(c)
	if err != nil {
		return err
	}
	for _, location := range list {
		signed, err := sign.Sign(c.Context(), location, options)
		if err != nil {
			return err
		}
		if err := printSigned(streams, &signed, jsonOutput, l); err != nil {
			return err
		}
	}
	return nil
}

func signOptions(c *cobra.Command) (o sign.Options, err error) {
	text := func(name string) string { return must(c.Flags().GetString(name)) }
	o = sign.Options{
		Key:          sign.Key{File: text("key"), Chain: text("certificate-chain"), Plugin: text("plugin"), PluginFolder: inNotation("plugins"), ID: text("id")},
		Format:       sign.Format(text("signature-format")),
		Expiry:       must(c.Flags().GetDuration("expiry")),
		TimestampURL: text("timestamp-url"),
		Agent:        "foil/" + version(),
		Registry:     registryOptions(c),
	}
	if o.Key.File != "" && o.Key.Chain == "" {
		if o.Key, err = sign.NamedKey(inNotation(""), o.Key.File); err != nil {
			return o, usageError(err, "or give the file of its certificates with --certificate-chain")
		}
	}
	given, err := pairs(c, "plugin-config")
	if err != nil {
		return o, err
	}
	if given != nil {
		o.Key.PluginConfig = given
	}
	if o.Metadata, err = pairs(c, "user-metadata"); err != nil {
		return o, err
	}
	o.TimestampRoots, err = certificatesOf(text("timestamp-root-cert"))
	return o, err
}

func certificatesOf(path string) ([]*x509.Certificate, error) {
	if path == "" {
		return nil, nil
	}
	return verify.ReadCertificates(path)
}

func printSigned(streams Streams, s *sign.Signed, jsonOutput bool, l lang.Language) error {
	for _, w := range s.Warnings {
		_, _ = fmt.Fprintf(streams.Err, "foil: %s\n", w.In(l))
	}
	if jsonOutput {
		return writeJSON(streams.Out, s)
	}
	words := lang.Text{EN: "%s: signed %s\n  signature %s\n", ZH: "%s：已签名 %s\n  签名 %s\n"}
	_, err := fmt.Fprintf(streams.Out, words.In(l), s.Reference, s.Digest, s.Signature)
	return err
}
