package dockerfile

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// unverifiedDownload finds steps that switch off the proof of where things come
// from.
func unverifiedDownload() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-unverified-download",
		Aliases: []string{"CKV2_DOCKER_2", "CKV2_DOCKER_3"},
		Title:   lang.Text{EN: "Build trusts downloads unchecked", ZH: "构建不校验下载内容"},
		Risk: lang.Text{
			EN: "Without the check of certificates or signatures, whoever is between the build and the server chooses what is installed.",
			ZH: "不校验证书或签名时，位于构建与服务器之间者可决定安装的内容。",
		},
		Advice: lang.Text{
			EN: "Leave the checks on. Install the certificate of your own authority into the image where one is needed.",
			ZH: "保留校验。如需自建的证书颁发机构，请将其证书安装到镜像中。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9002"},
	}, func(f build.File) *check.Fault {
		var found faults
		for _, s := range f.Stages {
			for in := range s.Instructions() {
				for _, pair := range in.Get("variables").Items() {
					if in.Keyword != "LABEL" && uncheckedVariable(pair.Get("name").Str(), pair.Get("value").Str()) {
						found.add(pair, "%s switches off the check", "%s 关闭了校验", pair.Get("name").Str())
					}
				}
				if in.Keyword != "RUN" {
					continue
				}
				for _, c := range commands(in.Command()) {
					if option := unchecked(c); option != "" {
						found.add(in.Value, "%s %s", "%s %s", c.name(), option)
					}
				}
			}
		}
		return found.fault()
	})
}

func uncheckedVariable(name, value string) bool {
	switch name {
	case "NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY":
		return value == "0"
	case "GIT_SSL_NO_VERIFY":
		return value == "1" || value == "true"
	case "NPM_CONFIG_STRICT_SSL":
		return value == "false"
	}
	return false
}

// unchecked is the option by which a command trusts everybody, empty for others.
func unchecked(c command) string {
	options := map[string][]string{
		"curl": {"--insecure"}, "wget": {"--no-check-certificate"},
		"apt-get": {"--allow-unauthenticated", "--force-yes"}, "apt": {"--allow-unauthenticated", "--force-yes"},
		"pip": {"--trusted-host"}, "pip3": {"--trusted-host"}, "apk": {"--allow-untrusted"},
		"yum": {"--nogpgcheck"}, "dnf": {"--nogpgcheck"}, "rpm": {"--nosignature"}, "zypper": {"--no-gpg-checks"},
	}[c.name()]
	for _, option := range options {
		if c.hasPrefix(option) {
			return option
		}
	}
	switch line := strings.Join(c.words[1:], " "); {
	case c.name() == "curl" && c.hasShort("k"):
		return "-k"
	case c.name() == "git" && strings.Contains(line, "sslVerify") && strings.Contains(line, "false"):
		return "http.sslVerify=false"
	case (c.name() == "npm" || c.name() == "yarn") && strings.Contains(line, "strict-ssl") && strings.Contains(line, "false"):
		return "strict-ssl false"
	}
	return ""
}
