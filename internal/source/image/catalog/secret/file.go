package secret

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// form looks at a file of a kind that is made to hold credentials.
type form func(s *scan)

// formOf is the form of a file, by its name; nil when it has none of its own.
func formOf(path, folder, base string) form {
	switch base {
	case ".npmrc", ".yarnrc":
		return npmrc
	case ".netrc", "_netrc":
		return netrc
	case ".git-credentials":
		return urls
	case ".pypirc":
		return settings("pypi-password", "PyPI password", "password")
	case ".my.cnf", "my.cnf", ".mylogin.cnf":
		return settings("mysql-password", "MySQL password", "password")
	case ".pgpass":
		return pgpass
	case ".htpasswd", "htpasswd":
		return hashes("password-hash", "hash of a web server's password")
	case ".dockercfg", ".dockerconfigjson":
		return docker
	case "credentials.tfrc.json", ".terraformrc":
		return settings("terraform-token", "Terraform token", "token")
	}
	return formIn(path, folder, base)
}

// formIn is the form of a file that its folder tells.
func formIn(path, folder, base string) form {
	switch {
	case path == "etc/shadow" || path == "etc/shadow-":
		return hashes("password-hash", "hash of a user's password")
	case base == "config.json" && (folder == ".docker" || folder == "docker"):
		return docker
	case base == "config" && folder == ".kube", strings.Contains(base, "kubeconfig"), folder == "kubernetes" && strings.HasSuffix(base, ".conf"):
		return kubeconfig
	case base == "config" && folder == ".git":
		return urls
	case isEnvironment(base):
		return environmentFile
	}
	return nil
}

// isEnvironment recognises .env, .env.production, prod.env; not the templates
// beside them.
func isEnvironment(base string) bool {
	for _, end := range [...]string{"example", "sample", "template", "dist", "defaults"} {
		if strings.HasSuffix(base, end) {
			return false
		}
	}
	return base == ".env" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env")
}

// lines calls back for each line, with the place where it begins.
func (s *scan) lines(visit func(at int, line string)) {
	at := 0
	for line := range strings.Lines(s.text) {
		if trimmed := strings.TrimSpace(line); trimmed != "" && trimmed[0] != '#' && trimmed[0] != ';' {
			visit(at, trimmed)
		}
		at += len(line)
	}
}

func npmrc(s *scan) {
	s.lines(func(at int, line string) {
		key, value, _ := strings.Cut(line, "=")
		for _, end := range [...]string{"_authToken", "_password", "_auth"} {
			if strings.HasSuffix(strings.TrimSpace(key), end) && isValue(value) {
				s.add("npm-login", "login of an npm registry", at, "")
			}
		}
	})
}

// isValue reports whether something is given as a password, and not where to
// take it from.
func isValue(text string) bool {
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	return len(text) >= 6 && !isPlaceholder(text)
}

func netrc(s *scan) {
	after := ""
	s.lines(func(at int, line string) {
		for word := range strings.FieldsSeq(line) {
			if after == "password" && isValue(word) {
				s.add("netrc-password", "password of a host", at, "")
			}
			after = word
		}
	})
}

func urls(s *scan) {
	urlPasswords(s.text, func(at int) { s.add("url-password", "address with a password", at, "") })
}

// settings looks for a key in lines "key = value", also in JSON.
func settings(rule, title, want string) form {
	return func(s *scan) {
		s.lines(func(at int, line string) {
			key, value, found := strings.Cut(line, "=")
			if !found {
				key, value, _ = strings.Cut(line, ":")
			}
			if strings.Trim(strings.TrimSpace(key), `"'`) == want && isValue(strings.TrimRight(value, ", }")) {
				s.add(rule, title, at, "")
			}
		})
	}
}

func pgpass(s *scan) {
	s.lines(func(at int, line string) {
		if parts := strings.SplitN(line, ":", 5); len(parts) == 5 && isValue(parts[4]) {
			s.add("postgres-password", "PostgreSQL password", at, "")
		}
	})
}

// hashes looks for "user:hash". A user without a password has * or ! there.
func hashes(rule, title string) form {
	return func(s *scan) {
		s.lines(func(at int, line string) {
			_, rest, _ := strings.Cut(line, ":")
			hash, _, _ := strings.Cut(rest, ":")
			if len(hash) >= 13 && (strings.HasPrefix(hash, "$") || strings.HasPrefix(hash, "{SHA}")) {
				s.add(rule, title, at, "")
			}
		})
	}
}

// docker reads the logins of registries: user and password in base64.
func docker(s *scan) {
	type login struct {
		Auth     string `json:"auth"`
		Password string `json:"password"`
	}
	var file struct {
		Auths map[string]login `json:"auths"`
	}
	if json.Unmarshal([]byte(s.text), &file) != nil {
		return
	}
	if file.Auths == nil { // the older form has no head around it
		_ = json.Unmarshal([]byte(s.text), &file.Auths) // what is neither holds no login
	}
	for host, l := range file.Auths {
		raw, err := base64.StdEncoding.DecodeString(l.Auth)
		_, password, _ := strings.Cut(string(raw), ":")
		if err == nil && isValue(password) || isValue(l.Password) {
			s.add("registry-login", "login of a container registry", max(strings.Index(s.text, host), 0), "")
		}
	}
}

func kubeconfig(s *scan) {
	s.lines(func(at int, line string) {
		key, value, _ := strings.Cut(strings.TrimPrefix(line, "- "), ":")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch key {
		case "client-key-data":
			if decodesToKey(value) {
				s.add("kubeconfig-key", "client key of a Kubernetes cluster", at, "")
			}
		case "token", "password":
			if isValue(value) && entropy(value) >= 3 {
				s.add("kubeconfig-token", "token of a Kubernetes cluster", at, "")
			}
		}
	})
}

func environmentFile(s *scan) {
	s.lines(func(at int, line string) {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if isSecretName(name) && isSecretValue(value) {
			s.add("env-secret", "password or key in a variable", at, "")
		}
	})
	urls(s)
}
