package intake

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/internal/feed/vuln"
)

// write makes a database of what was read, which must work whatever that was.
func write(t *testing.T, b *vuln.Builder, r *Reader) {
	t.Helper()
	r.Finish()
	if err := b.Write(&bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
}

func FuzzExport(f *testing.F) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("A.json")
	if err != nil {
		f.Fatal(err)
	}
	_, _ = w.Write([]byte(record("A", "npm", "x")))
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte("PK\x03\x04"))
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(folder, "all.zip")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		b := vuln.NewBuilder()
		r := New(b, now)
		if err := r.Read(t.Context(), path, Origin{}); err != nil {
			t.Fatal(err)
		}
		write(t, b, r)
	})
}

func FuzzDocument(f *testing.F) {
	for name, text := range map[string]string{
		"kev.json":    `{"catalogVersion":"1","dateReleased":"2025-02-19T14:08:44.5Z","vulnerabilities":[{"cveID":"CVE-2025-0108","dateAdded":"2025-02-18","knownRansomwareCampaignUse":"Known"}]}`,
		"epss.csv":    "#model_version:v1,score_date:2025-02-20T00:00:00+0000\ncve,epss,percentile\nCVE-1999-0001,0.00383,0.73075\n",
		"debian.json": `{"x":{"CVE-2024-1":{"releases":{"bookworm":{"status":"open"}}}}}`,
		"secdb.json":  `{"distroversion":"v3.20","packages":[{"pkg":{"name":"xz","secfixes":{"1":["CVE-2022-1271"]}}}]}`,
		"main.yaml":   "distroversion: v3.19\npackages:\n- pkg:\n    name: xz\n    secfixes:\n      5.2.4-r1:\n      - CVE-2022-1271\n",
		"DSA":         "[31 Jul 2025] DSA-5970-1 sope - security update\n\t{CVE-2025-53603}\n\t[bookworm] - sope 5.8.0-1+deb12u1\n",
		"csaf.json":   `{"document":{"publisher":{"namespace":"https://www.redhat.com"},"tracking":{"id":"CVE-1"}},"product_tree":{"branches":[{"product":{"product_id":"p","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:9"}}},{"product":{"product_id":"c","product_identification_helper":{"purl":"pkg:rpm/redhat/pam@1?epoch=1"}}}],"relationships":[{"full_product_name":{"product_id":"p:c"},"product_reference":"c","relates_to_product_reference":"p"}]},"vulnerabilities":[{"cve":"CVE-1","product_status":{"fixed":["p:c"]}}]}`,
		"osv.json":    record("A", "npm", "x"),
	} {
		f.Add(name, []byte(text))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		b := vuln.NewBuilder()
		r := New(b, now)
		_ = r.document(name, data, Origin{Source: "fuzz"})
		write(t, b, r)
	})
}
