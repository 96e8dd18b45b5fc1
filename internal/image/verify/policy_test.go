package verify_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/verify"
)

// corpus holds the trust policies of others, with verdicts.
const corpus = "../../../../shared/data/image/trustpolicies.json"

func TestPoliciesOfOthers(t *testing.T) {
	data, err := os.ReadFile(corpus)
	if err != nil {
		t.Skipf("the trust policies of others are not here: %v", err)
	}
	var cases []struct {
		Name  string `json:"name"`
		Valid bool   `json:"valid_as_oci"`
		Text  string `json:"text"`
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 22 {
		t.Errorf("%d policies, want 22", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "trustpolicy.json")
			imagetest.Write(t, path, []byte(c.Text))
			_, err := verify.ReadPolicy(path)
			if (err == nil) != c.Valid {
				t.Errorf("valid: %v (%v), want %v", err == nil, err, c.Valid)
			}
			if err != nil && !strings.Contains(err.Error(), path) {
				t.Errorf("the error does not name the file: %v", err)
			}
		})
	}
}

const plainPolicy = `{"version":"1.0","trustPolicies":[{"name":"a","registryScopes":["*"],"signatureVerification":{"level":"skip"}}]}`

func TestPolicyFilesThatAreRefused(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "real.json"), filepath.Join(folder, "trustpolicy.json")
	imagetest.Write(t, file, []byte(plainPolicy))
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for path, reason := range map[string]string{link: "a symbolic link", folder: "a folder", filepath.Join(folder, "none"): "no such file"} {
		if _, err := verify.ReadPolicy(path); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, want %q", path, err, reason)
		}
	}
	if _, err := verify.ReadPolicy(file); err != nil {
		t.Error(err)
	}
	for _, text := range []string{plainPolicy + plainPolicy, plainPolicy + "x", "", strings.Repeat(" ", 2<<20)} {
		if _, err := verify.ParsePolicy([]byte(text)); err == nil {
			t.Errorf("%.20q: no error", text)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add([]byte(plainPolicy))
	f.Add([]byte(`{"version":"1.0","trustPolicies":[{"name":"a","registryScopes":["a.b/c"],"signatureVerification":{"level":"audit","override":{"expiry":"log"}},"trustStores":["ca:x"],"trustedIdentities":["x509.subject: C=DE, ST=B, O=S"]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := verify.ParsePolicy(data)
		if (p == nil) != (err != nil) {
			t.Errorf("policy %v with error %v", p, err)
		}
	})
}
