package secret_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/secret"
)

// random is a text of some letters that was never a credential. No whole
// credential stands in this file, so that other tools don't find any here.
func random(t testing.TB, length int, letters string) string {
	t.Helper()
	raw := make([]byte, length)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		raw[i] = letters[int(raw[i])%len(letters)]
	}
	return string(raw)
}

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	plain  = digits + lower + upper
)

// summed ends a token as GitHub and npm do.
func summed(body string) string {
	const order = digits + upper + lower
	sum, tail := crc32.ChecksumIEEE([]byte(body)), make([]byte, 6)
	for i := 5; i >= 0; i-- {
		tail[i] = order[sum%62]
		sum /= 62
	}
	return body + string(tail)
}

func pemOf(kind string, raw []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
}

func rsaKey(t testing.TB) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("RSA "+"PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func pkcs8(t testing.TB) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("PRIVATE"+" KEY", raw)
}

func webToken(t testing.TB, claims string) string {
	t.Helper()
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256","kid":"x"}`)) + "." + part([]byte(claims)) + "." + random(t, 86, plain)
}

func rules(found []artifact.Secret) []string {
	var out []string
	for _, s := range found {
		out = append(out, fmt.Sprintf("%s:%d", s.Rule, s.Line))
	}
	slices.Sort(out)
	return out
}

func TestFiles(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rawEC, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	key := pkcs8(t)
	quoted, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	password := random(t, 16, plain)
	registry := base64.StdEncoding.EncodeToString([]byte("robot:" + password))
	amazon := "AKIA" + random(t, 16, "ABCDEFGHJKLMNPQRSTUVWXYZ234567")
	for _, test := range []struct{ path, content, want string }{
		{"root/.ssh/id_rsa", rsaKey(t), "private-key:1"},
		{"app/tls.key", "# key\n" + pemOf("EC "+"PRIVATE KEY", rawEC), "private-key:2"},
		{"app/values.yaml", "tls:\n  key: |\n" + indent(key), "private-key:3"},
		{"app/account.json", `{"type": "service_account", "private_key": ` + string(quoted) + `}`, "gcp-service-account:1"},
		{"app/main.py", "t = 'gh" + "p_" + summed(random(t, 30, plain)) + "'\n", "github-token:1"},
		{"app/main.py", "t = 'gh" + "p_" + random(t, 30, plain) + "000000'\n", ""},
		{"app/main.py", "t = 'gh" + "p_" + summed(strings.Repeat("a", 30)) + "'\n", ""},
		{"app/ci.yml", "x: 1\ntoken: glpat" + "-" + random(t, 20, plain) + "\n", "gitlab-token:2"},
		{"app/a.js", "const t = 'xoxb" + "-" + random(t, 12, digits) + "-" + random(t, 24, plain) + "'", "slack-token:1"},
		{"app/a.txt", "pypi" + "-AgEIcHlwaS5vcmc" + random(t, 120, plain), "pypi-token:1"},
		{"root/.aws/credentials", "[default]\naws_access_key_id = " + amazon + "\naws_secret_access_key = " + random(t, 40, plain) + "\n", "aws-access-key:2"},
		{"app/notes.txt", "the id is " + amazon + " and nothing else\n", ""},
		{"app/notes.txt", "AKIA" + "IOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
		{"root/.npmrc", "//registry.example/:_authToken=" + password + "\n", "npm-login:1"},
		{"root/.npmrc", "//registry.example/:_authToken=${NPM_TOKEN}\n", ""},
		{"root/.docker/config.json", `{"auths":{"r.example":{"auth":"` + registry + `"}}}`, "registry-login:1"},
		{"root/.docker/config.json", `{"auths":{"r.example":{}},"credsStore":"desktop"}`, ""},
		{"root/.dockercfg", `{"r.example":{"auth":"` + registry + `"}}`, "registry-login:1"},
		{"root/.kube/config", "users:\n- name: x\n  user:\n    client-key-data: " + base64.StdEncoding.EncodeToString([]byte(key)) + "\n", "kubeconfig-key:4"},
		{"root/.git-credentials", "https://bot:" + password + "@git.example\n", "url-password:1"},
		{"app/.git/config", "[remote]\n\turl = https://git.example/x\n", ""},
		{"root/.netrc", "machine a.example login b password " + password + "\n", "netrc-password:1"},
		{"root/.pgpass", "db:5432:*:shop:" + password + "\n", "postgres-password:1"},
		{"root/.pypirc", "[pypi]\nusername = x\npassword = " + password + "\n", "pypi-password:3"},
		{"etc/shadow", "root:*:19000:0\nshop:$6$" + random(t, 8, plain) + "$" + random(t, 86, plain) + ":19000:0\n", "password-hash:2"},
		{"app/.env", "# c\nDB_PASSWORD=" + password + "\nDB_HOST=x\nAPI_KEY=changeme\nTOKEN_FILE=/run/secrets/token-of-db\n", "env-secret:2"},
		{"app/.env", "DATABASE_URL=postgres://shop:" + password + "@db/shop\n", "url-password:1"},
		{"app/.env", "DATABASE_URL=postgres://shop:${PASSWORD}@db/shop\n", ""},
		{"app/session.txt", webToken(t, `{"sub":"shop","exp":1}`), "jwt:1"},
		{"app/session.txt", webToken(t, `{"sub":"1234567890","name":"John Doe"}`), ""},
		{"app/picture.txt", "\x00" + key, ""},
		{"app/tls.key", strings.Replace(key, "M", "!", 1), ""},
	} {
		found := catalogtest.Read(t, secret.Reader(), catalogtest.File(test.path, []byte(test.content)))
		if got := strings.Join(rules(found.Secrets), " "); got != test.want {
			t.Errorf("%s: %q, want %q\n%s", test.path, got, test.want, test.content)
		}
		checkNothingKept(t, found.Secrets, test.content)
	}
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") + "\n"
}

// checkNothingKept holds that no part of a value longer than the beginning of
// its kind leaves the package.
func checkNothingKept(t *testing.T, found []artifact.Secret, content string) {
	t.Helper()
	for _, s := range found {
		shown := strings.TrimSuffix(s.Redacted, "…")
		if len(shown) > 4 || !strings.Contains(content, shown) || strings.Contains(content, s.Title) && s.Title != "" {
			t.Errorf("%+v shows too much", s)
		}
	}
}

func TestKeysOfOpenSSH(t *testing.T) {
	for password, want := range map[string]string{"": "OpenSSH private key", "a password": "private key that is protected by a password"} {
		path := filepath.Join(t.TempDir(), "key")
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", password, "-f", path).CombinedOutput(); err != nil {
			t.Skipf("ssh-keygen does not run: %v %s", err, out)
		}
		found := catalogtest.Read(t, secret.Reader(), catalogtest.File("root/.ssh/id_ed25519", catalogtest.Disk(t, path)))
		if len(found.Secrets) != 1 || found.Secrets[0].Title != want {
			t.Errorf("%+v, want %s", found.Secrets, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	for path, want := range map[string]catalog.Wish{
		"root/.ssh/id_rsa":                           catalog.All,
		"app/config.yaml":                            catalog.All,
		"app/.env.production":                        catalog.All,
		"app/.env.example":                           catalog.Nothing,
		"etc/ssl/private/server.key":                 catalog.All,
		"app/node_modules/x/test.key":                catalog.Nothing,
		"app/node_modules/x/server.key":              catalog.Nothing,
		"usr/lib/python3/dist-packages/a/key.pem":    catalog.Nothing,
		"usr/local/go/src/crypto/tls/testdata/a.key": catalog.Nothing,
		"app/tests/server.key":                       catalog.Nothing,
		"usr/share/doc/x/example.conf":               catalog.Nothing,
		"app/client_test.go":                         catalog.Nothing,
		"app/login.spec.ts":                          catalog.Nothing,
		"app/server":                                 catalog.Nothing,
		"root/.ssh/known_hosts":                      catalog.Nothing,
	} {
		name := catalog.NewName(path, 100, false)
		if got := secret.Reader().Wants(&name); got != want {
			t.Errorf("%s: wish %d, want %d", path, got, want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	password := random(t, 16, plain)
	found := secret.Environment([]string{
		"PATH=/usr/bin", "DB_PASSWORD=" + password, "REDIS_URL=redis://x:" + password + "@r", "GITHUB_TOKEN=gh" + "p_" + summed(random(t, 30, plain)),
		"POSTGRES_PASSWORD_FILE=/run/secrets/password", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D", "PYTHON_SHA256=" + random(t, 64, "0123456789abcdef"), "ADMIN_PASSWORD=changeme",
	})
	var got []string
	for _, s := range found {
		got = append(got, s.Rule+" "+s.Path)
		if s.Line != 0 || strings.Contains(fmt.Sprint(s), password) {
			t.Errorf("%+v", s)
		}
	}
	want := []string{"env-secret environment: DB_PASSWORD", "url-password environment: REDIS_URL", "github-token environment: GITHUB_TOKEN"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCommand(t *testing.T) {
	password := random(t, 16, plain)
	for command, want := range map[string]string{
		"RUN |1 NPM_TOKEN=" + password + " /bin/sh -c npm ci":            "command-secret:0",
		"RUN curl https://bot:" + password + "@files.example/x -o /x":    "url-password:0",
		"RUN mysql --password=" + password + " < /x.sql":                 "command-secret:0",
		"RUN apt-get update && apt-get install -y curl":                  "",
		"ENV PYTHON_GET_PIP_SHA256=" + random(t, 64, "0123456789abcdef"): "",
	} {
		if got := strings.Join(rules(secret.Command(command)), " "); got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}

func FuzzFiles(f *testing.F) {
	for _, seed := range []string{"-----BEGIN " + "RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----", "a://b:cccccccc@d", "eyJ.eyJ.x", "SG" + ".aaaa", "AKIA", `{"auths":{"":{"auth":"YTpiYmJiYmJi"}}}`, "users: [{token: x}]"} {
		f.Add(seed)
	}
	paths := []string{".npmrc", ".netrc", "etc/shadow", ".docker/config.json", ".kube/config", ".env", ".pgpass", "a.pem"}
	f.Fuzz(func(t *testing.T, content string) {
		for _, path := range paths {
			found, err := secret.Reader().Read(t.Context(), catalogtest.File(path, []byte(content)))
			if err != nil || len(found.Secrets) > 50 {
				t.Fatalf("%d secrets, error %v", len(found.Secrets), err)
			}
		}
		secret.Command(content)
		secret.Environment([]string{content})
	})
}
