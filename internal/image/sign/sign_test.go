package sign_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/sign"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

// pluginName is a signing plugin that this test binary is under another name.
const pluginName = "cook"

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "notation-"+pluginName {
		if err := plugin(os.Args[1]); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// plugin answers one command of Notation's plugin protocol.
func plugin(command string) error {
	answer := map[string]any{}
	switch command {
	case "get-plugin-metadata":
		answer = map[string]any{
			"name": pluginName, "description": "signs for tests", "version": "1.0.0", "url": "https://example.com",
			"supportedContractVersions": []string{"1.0"}, "capabilities": []string{"SIGNATURE_GENERATOR.RAW"},
		}
	case "describe-key":
		answer = map[string]any{"keyId": "k1", "keySpec": "EC-256"}
	case "generate-signature":
		var request struct{ Payload []byte }
		if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
			return err
		}
		pair, err := tls.LoadX509KeyPair(os.Getenv("COOK_CHAIN"), os.Getenv("COOK_KEY"))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(request.Payload)
		r, s, err := ecdsa.Sign(rand.Reader, pair.PrivateKey.(*ecdsa.PrivateKey), sum[:])
		if err != nil {
			return err
		}
		signature := make([]byte, 64)
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		answer = map[string]any{"keyId": "k1", "signature": signature, "signingAlgorithm": "ECDSA-SHA-256", "certificateChain": pair.Certificate}
	}
	return json.NewEncoder(os.Stdout).Encode(answer)
}

func image(t *testing.T) registry.Location {
	t.Helper()
	layout, folder := imagetest.Layout(t)
	imagetest.Push(t, layout, "v1", "one")
	return registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}
}

func verdict(t *testing.T, l registry.Location, root *x509.Certificate) trust.Result {
	t.Helper()
	folder := t.TempDir()
	imagetest.Write(t, filepath.Join(folder, "x509", "ca", "shop", "root.pem"), imagetest.CertificatesPEM(root))
	p, err := verify.ParsePolicy([]byte(`{"version":"1.0","trustPolicies":[{"name":"shop","registryScopes":["*"],"signatureVerification":{"level":"strict"},"trustStores":["ca:shop"],"trustedIdentities":["*"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(verify.Options{Policy: p, TrustStore: folder})
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.CheckAt(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKeysInPlugins(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	key, chain := authority.Issue(t, "cook", nil).Files(t)
	t.Setenv("COOK_KEY", key)
	t.Setenv("COOK_CHAIN", chain)
	plugins := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(plugins, pluginName, "notation-"+pluginName)
	imagetest.Write(t, path, program)
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	l := image(t)
	for _, format := range []sign.Format{sign.JWS, sign.COSE} {
		o := sign.Options{Format: format, Key: sign.Key{Plugin: pluginName, PluginFolder: plugins, ID: "k1"}}
		if _, err := sign.Sign(context.Background(), l, o); err != nil {
			t.Fatal(err)
		}
	}
	if r := verdict(t, l, authority.Certificate); r.State != trust.Trusted || len(r.Signatures) != 2 {
		t.Errorf("%+v", r)
	}
	o := sign.Options{Key: sign.Key{Plugin: "none", PluginFolder: plugins, ID: "k1"}}
	if _, err := sign.Sign(context.Background(), l, o); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a plugin that is not there: %v", err)
	}
}

func TestWhatCannotBeSigned(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	key, chain := authority.Issue(t, "cook", nil).Files(t)
	_, otherChain := authority.Issue(t, "other", nil).Files(t)
	_, endedChain := authority.Issue(t, "ended", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }).Files(t)
	l := image(t)
	gone := l
	gone.Tag = "gone"
	good := sign.Key{File: key, Chain: chain}
	for name, c := range map[string]struct {
		place registry.Location
		o     sign.Options
		says  string
	}{
		"no key":             {l, sign.Options{}, "no key to sign with"},
		"key and plugin":     {l, sign.Options{Key: sign.Key{File: key, Plugin: "p"}}, "only one can sign"},
		"no such file":       {l, sign.Options{Key: sign.Key{File: "none", Chain: chain}}, "none"},
		"chain of another":   {l, sign.Options{Key: sign.Key{File: key, Chain: otherChain}}, otherChain},
		"chain that ran out": {l, sign.Options{Key: sign.Key{File: key, Chain: endedChain}}, endedChain},
		"form":               {l, sign.Options{Key: good, Format: "pgp"}, `"pgp"`},
		"image":              {gone, sign.Options{Key: good}, "gone"},
		"layout":             {registry.Location{Layout: t.TempDir(), Repository: "local/layout", Tag: "v1"}, sign.Options{Key: good}, "no OCI image layout"},
		"timestamp":          {l, sign.Options{Key: good, TimestampURL: "http://127.0.0.1:1"}, "root certificate"},
		"reserved metadata":  {l, sign.Options{Key: good, Metadata: map[string]string{"io.cncf.notary.x": "y"}}, "reserved"},
		"negative expiry":    {l, sign.Options{Key: good, Expiry: -time.Hour}, "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sign.Sign(context.Background(), c.place, c.o)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
	if r := verdict(t, l, authority.Certificate); r.State != trust.Unsigned {
		t.Errorf("%+v", r)
	}
}

func TestKeysThatOthersCanRead(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	o := sign.Options{}
	o.Key.File, o.Key.Chain = authority.Issue(t, "cook", nil).Files(t)
	l := image(t)
	s, err := sign.Sign(context.Background(), l, o)
	if err != nil || len(s.Warnings) != 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := os.Chmod(o.Key.File, 0o640); err != nil {
		t.Fatal(err)
	}
	o.Format = sign.COSE
	s, err = sign.Sign(context.Background(), l, o)
	if err != nil || len(s.Warnings) != 1 || !s.Warnings[0].Complete() || !strings.Contains(s.Warnings[0].EN, "0640") {
		t.Errorf("%+v, %v", s, err)
	}
}
