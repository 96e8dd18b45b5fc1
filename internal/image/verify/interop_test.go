package verify_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/notaryproject/notation-core-go/signature/cose"
	"github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	notationregistry "github.com/notaryproject/notation-go/registry"
	"github.com/notaryproject/notation-go/signer"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/sign"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

// shopPolicy is what the library wants instead of our reader's policy.
var shopPolicy = &trustpolicy.Document{Version: "1.0", TrustPolicies: []trustpolicy.TrustPolicy{{
	Name: "shop", RegistryScopes: []string{"*"}, SignatureVerification: trustpolicy.SignatureVerification{VerificationLevel: "strict"},
	TrustStores: []string{"ca:shop"}, TrustedIdentities: []string{"*"},
}}}

// configFolder is a folder like Notation's own.
func configFolder(t testing.TB, root *x509.Certificate) string {
	t.Helper()
	folder := t.TempDir()
	imagetest.Write(t, filepath.Join(folder, dir.TrustStoreDir, "x509", "ca", "shop", "root.pem"), imagetest.CertificatesPEM(root))
	data, err := json.Marshal(shopPolicy)
	if err != nil {
		t.Fatal(err)
	}
	imagetest.Write(t, filepath.Join(folder, dir.PathTrustPolicy), data)
	return folder
}

var mediaTypes = map[sign.Format]string{sign.JWS: jws.MediaTypeEnvelope, sign.COSE: cose.MediaTypeEnvelope}

func TestNotationVerifiesWhatFoilSigns(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	cook := authority.Issue(t, "cook", authority.WithOCSP)
	config := configFolder(t, authority.Certificate)
	for format := range mediaTypes {
		t.Run(string(format), func(t *testing.T) {
			l := signedLayout(t, cook, func(o *sign.Options) { o.Format, o.Metadata = format, map[string]string{"a": "b"} })
			repository, err := notationregistry.NewOCIRepository(l.Layout, notationregistry.RepositoryOptions{})
			if err != nil {
				t.Fatal(err)
			}
			v, err := verifier.New(shopPolicy, truststore.NewX509TrustStore(dir.NewSysFS(config)), nil)
			if err != nil {
				t.Fatal(err)
			}
			subject, err := repository.Resolve(context.Background(), "v1")
			if err != nil {
				t.Fatal(err)
			}
			_, outcomes, err := notation.Verify(context.Background(), v, repository, notation.VerifyOptions{
				ArtifactReference: "local/layout@" + subject.Digest.String(), MaxSignatureAttempts: 5, UserMetadata: map[string]string{"a": "b"},
			})
			if err != nil || len(outcomes) != 1 {
				t.Errorf("%v, %v", outcomes, err)
			}
		})
	}
}

func TestFoilVerifiesWhatNotationSigns(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	cook := authority.Issue(t, "cook", authority.WithCRL)
	key, chain := cook.Files(t)
	options := verify.Options{Policy: policy(t, strict()), TrustStore: configFolder(t, authority.Certificate)}
	for format, mediaType := range mediaTypes {
		t.Run(string(format), func(t *testing.T) {
			layout, folder := imagetest.Layout(t)
			imagetest.Push(t, layout, "v1", "one")
			s, err := signer.NewGenericSignerFromFiles(key, chain)
			if err != nil {
				t.Fatal(err)
			}
			_, err = notation.Sign(context.Background(), s, notationregistry.NewRepository(layout), notation.SignOptions{
				SignerSignOptions: notation.SignerSignOptions{SignatureMediaType: mediaType}, ArtifactReference: "v1",
			})
			if err != nil {
				t.Fatal(err)
			}
			want(t, check(t, registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}, options), trust.Trusted, trust.Verified)
		})
	}
}

// TestNotationCommand runs the command of Notation, where it is installed.
func TestNotationCommand(t *testing.T) {
	command, err := exec.LookPath("notation")
	if err != nil {
		t.Skipf("the command of Notation is not installed: %v", err)
	}
	authority := imagetest.NewAuthority(t, "root")
	home := t.TempDir()
	if err := os.Rename(configFolder(t, authority.Certificate), filepath.Join(home, "notation")); err != nil {
		t.Fatal(err)
	}
	for format := range mediaTypes {
		l := signedLayout(t, authority.Issue(t, "cook", authority.WithOCSP), func(o *sign.Options) { o.Format = format })
		run := exec.Command(command, "verify", "--oci-layout", "--scope", "local/layout", l.Layout+":v1")
		run.Env = append(os.Environ(), "NOTATION_EXPERIMENTAL=1", "XDG_CONFIG_HOME="+home)
		if output, err := run.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", format, err, output)
		}
	}
}
