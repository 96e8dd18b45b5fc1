package secret

import (
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// largest is the size of the largest file that is looked at. Credentials stand
// in small ones.
const largest = 256 << 10

// mayHold reports whether a file is one in which people leave credentials.
func mayHold(n *catalog.Name) bool {
	if n.Size < 8 || n.Size > largest {
		return false
	}
	if ofOthers(n.Path) || !isSource(n) && formOf(n.Path, n.Parent(), n.Base) == nil {
		return false
	}
	return !catalog.IsTrial(n.Dir) && !isTest(n.Base)
}

// isTest reports whether a source file is called as tests are.
func isTest(base string) bool {
	stem, _, _ := strings.Cut(base, ".")
	return strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, "_spec") || strings.HasPrefix(base, "test_") ||
		strings.Contains(base, ".test.") || strings.Contains(base, ".spec.")
}

// ofOthers reports whether a file was written by those who published a package:
// what it holds is known to everybody.
func ofOthers(path string) bool {
	for _, folder := range [...]string{
		"usr/share/", "usr/lib/", "usr/lib32/", "usr/lib64/", "usr/libexec/", "usr/include/", "usr/src/", "usr/bin/", "usr/sbin/", "bin/", "sbin/", "lib/", "lib64/",
		"var/lib/dpkg/", "var/lib/apt/", "var/lib/rpm/", "var/lib/apk/", "var/cache/", "etc/ssl/certs/", "etc/alternatives/", "etc/init.d/", "etc/pki/ca-trust/", "usr/local/go/", "usr/local/lib/", "usr/local/include/", "usr/local/share/", "proc/", "sys/",
	} {
		if strings.HasPrefix(path, folder) {
			return true
		}
	}
	for _, folder := range [...]string{"/node_modules/", "/site-packages/", "/dist-packages/", "/vendor/", "/pkg/mod/", "/gems/", "/.git/objects/", "/.cargo/registry/", "/.m2/repository/"} {
		if strings.Contains(path, folder) {
			return true
		}
	}
	return strings.HasPrefix(path, "node_modules/") || strings.HasPrefix(path, "vendor/")
}

// isSource reports whether a file is a text that people write, by its ending.
func isSource(n *catalog.Name) bool {
	dot := strings.LastIndexByte(n.Base, '.')
	if dot < 0 {
		return isNamed(n.Base, n.Parent())
	}
	switch n.Base[dot:] {
	case ".pem", ".key", ".ppk", ".asc", ".gpg", ".pk8", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".cnf", ".conf", ".config", ".properties", ".xml", ".env",
		".sh", ".bash", ".zsh", ".ps1", ".py", ".rb", ".php", ".pl", ".go", ".java", ".kt", ".cs", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".tf", ".tfvars", ".tfstate",
		".gradle", ".sql", ".ipynb", ".http", ".secret", ".token", ".credentials", ".creds", ".txt", ".bak", ".old":
		return true
	case ".js":
		return n.Size <= 64<<10 && !strings.HasSuffix(n.Base, ".min.js")
	}
	return dot == 0 // .bashrc, .npmrc, .env
}

// isNamed knows the files without an ending.
func isNamed(base, folder string) bool {
	switch folder {
	case ".ssh", ".aws", ".azure", ".docker", ".kube", ".gnupg", "secrets", "credentials":
		return base != "known_hosts" && base != "authorized_keys"
	}
	switch base {
	case "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credentials", "config", "Dockerfile", "Containerfile", "Jenkinsfile", "Makefile", "environment", "token", "secret", "secrets", "password", "passwd", "kubeconfig":
		return true
	}
	return strings.HasSuffix(base, "_key") || strings.HasSuffix(base, "_rsa") || strings.HasSuffix(base, "_ed25519")
}
