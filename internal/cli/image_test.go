package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/cli"
	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/trust"
)

// run runs foil and checks its exit code.
func run(t *testing.T, code cli.Code, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	if got := cli.Run(context.Background(), args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &err}); got != code {
		t.Errorf("foil %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, out.String(), err.String())
	}
	return out.String(), err.String()
}

// notationHome gives the user a folder of Notation that trusts an authority.
func notationHome(t *testing.T, authority *imagetest.Authority) {
	t.Helper()
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("LC_ALL", "C")
	imagetest.Write(t, filepath.Join(config, "notation", "truststore", "x509", "ca", "shop", "root.pem"), imagetest.CertificatesPEM(authority.Certificate))
	imagetest.Write(t, filepath.Join(config, "notation", "trustpolicy.json"), []byte(`{"version":"1.0","trustPolicies":[
		{"name":"shop","registryScopes":["*"],"signatureVerification":{"level":"strict"},"trustStores":["ca:shop"],"trustedIdentities":["*"]}]}`))
}

func TestImageSignAndVerify(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	notationHome(t, authority)
	key, chain := authority.Issue(t, "cook", authority.WithOCSP).Files(t)
	layout, folder := imagetest.Layout(t)
	imagetest.Push(t, layout, "v1", "one")
	remote := imagetest.Registry(t, true) + "/shop/kitchen"
	imagetest.Push(t, imagetest.Repository(t, remote), "v1", "one")
	for _, image := range []string{"oci-dir:" + folder + ":v1", remote + ":v1"} {
		stdout, _ := run(t, cli.CodeGate, "image", "verify", image)
		contains(t, stdout, image+": not signed")
		stdout, stderr := run(t, cli.CodeClean, "image", "sign", image, "--key", key, "--certificate-chain", chain, "-m", "build=7", "--expiry", "1h")
		contains(t, stdout, "signed sha256:", "signature sha256:")
		if stderr != "" {
			t.Errorf("stderr %q", stderr)
		}
		stdout, _ = run(t, cli.CodeClean, "image", "verify", image)
		contains(t, stdout, "trusted", "signer: CN=cook", "states: build=7", "integrity: passed", "revocation: CN=cook", "2h30m old", "expires: 20")
		stdout, _ = run(t, cli.CodeClean, "image", "verify", image, "--lang", "zh")
		contains(t, stdout, "可信", "完整性: 通过")
		stdout, _ = run(t, cli.CodeClean, "image", "list-signatures", image)
		contains(t, stdout, "1 signatures and statements", "notation-jws")
		run(t, cli.CodeGate, "image", "verify", image, "-m", "build=8")

		stdout, _ = run(t, cli.CodeClean, "image", "verify", image, "-o", "json")
		var answer struct{ Images []trust.Result }
		if err := json.Unmarshal([]byte(stdout), &answer); err != nil || len(answer.Images) != 1 || answer.Images[0].State != trust.Trusted {
			t.Errorf("%v: %s", err, stdout)
		}
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr := run(t, cli.CodeClean, "image", "sign", "--oci-layout", folder+":v1", "--key", key, "--certificate-chain", chain, "--signature-format", "cose")
	contains(t, stderr, "0644", "chmod 600")
	imagetest.Write(t, filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "notation", "signingkeys.json"),
		fmt.Appendf(nil, `{"keys":[{"name":"cook","keyPath":%q,"certPath":%q}]}`, key, chain))
	run(t, cli.CodeClean, "image", "sign", "--oci-layout", folder+":v1", "--key", "cook", "--expiry", "2h")
	run(t, cli.CodeUsage, "image", "sign", "--oci-layout", folder+":v1", "--key", "baker")
	authority.Close()
	stdout, _ := run(t, cli.CodeIncomplete, "image", "verify", "--oci-layout", folder+":v1")
	contains(t, stdout, "could not be checked", "503")
}

func TestImageVerifyByKey(t *testing.T) {
	notationHome(t, imagetest.NewAuthority(t, "root"))
	signer := imagetest.NewKey(t)
	public := filepath.Join(t.TempDir(), "cosign.pub")
	imagetest.Write(t, public, imagetest.PublicPEM(t, &signer.PublicKey))
	layout, folder := imagetest.Layout(t)
	d := imagetest.Push(t, layout, "v1", "one")
	envelope, _ := imagetest.DSSE(t, signer, imagetest.Statement(d.Digest.String(), trust.SignPredicate))
	image := "oci-dir:" + folder + ":v1"
	run(t, cli.CodeGate, "image", "verify", image, "--key", public)
	imagetest.PushBundle(t, layout, d, imagetest.Bundle(t, envelope, map[string]any{}))
	stdout, _ := run(t, cli.CodeClean, "image", "verify", image, "--key", public)
	contains(t, stdout, "trusted", "cosign-bundle", "signer: "+public)
	stdout, _ = run(t, cli.CodeIncomplete, "image", "verify", image)
	contains(t, stdout, "Cosign signature, but no public key was given")
	run(t, cli.CodeUsage, "image", "verify", image, "--certificate-identity", "a", "--certificate-oidc-issuer", "b")
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

func TestImageUsage(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for _, c := range []struct {
		says string
		args []string
	}{
		{"nothing to verify with", []string{"verify", "nginx"}},
		{"is not the name of an image", []string{"verify", "NGINX:", "--key", "testdata/none"}},
		{"no such file", []string{"verify", "nginx", "--key", "testdata/none"}},
		{"no such file", []string{"verify", "nginx", "--trust-policy", "testdata/none"}},
		{"has no name and value", []string{"sign", "nginx", "-m", "x"}},
		{"unknown form", []string{"list-signatures", "nginx", "-o", "xml"}},
	} {
		_, stderr := run(t, cli.CodeUsage, append([]string{"image"}, c.args...)...)
		contains(t, stderr, c.says)
	}
	_, stderr := run(t, cli.CodeFailed, "image", "sign", "oci-dir:"+t.TempDir()+":v1")
	contains(t, stderr, "no key to sign with")
}
