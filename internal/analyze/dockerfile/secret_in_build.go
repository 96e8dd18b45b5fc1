package dockerfile

import (
	"regexp"
	"strings"
	"sync"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// secretInBuild finds credentials in the text of a recipe, and variables that are
// made for them: what ENV and ARG hold stays in the image and its history.
func secretInBuild() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-secret",
		Aliases: []string{"DS-0031", "SecretsUsedInArgOrEnv"},
		Title:   lang.Text{EN: "Build puts a credential into the image", ZH: "构建将凭据写入镜像"},
		Risk: lang.Text{
			EN: "Environment variables and build arguments are kept in the configuration and the history of the image. Everybody who can pull it, or read the file, has the credential.",
			ZH: "环境变量和构建参数会保留在镜像的配置和历史中。任何能拉取镜像或读取该文件的人都可获得此凭据。",
		},
		Advice: lang.Text{
			EN: "Revoke what was ever built in. Give credentials to a build step with RUN --mount=type=secret, and to the running container with a Secret or a workload identity.",
			ZH: "吊销曾写入的凭据。构建步骤用 RUN --mount=type=secret 获取凭据，运行中的容器用 Secret 或工作负载身份获取。",
		},
		Severity: finding.High, Techniques: []string{"MS-TA9027"},
		References: []string{"https://docs.docker.com/build/building/secrets/"},
	}, judgeSecrets)
}

func judgeSecrets(f build.File) *check.Fault {
	var found faults
	kept := map[int]bool{}
	for _, s := range f.Final() {
		kept[s.Index] = true
	}
	for _, s := range f.Stages {
		for in := range s.Instructions() {
			known := found.count
			for _, pair := range in.Get("variables").Items() {
				name, value := pair.Get("name").Str(), pair.Get("value")
				if in.Keyword != "LABEL" && isSecretName(name) && holds(value.Str(), in.Keyword == "ARG" && !value.Exists() && kept[s.Index]) {
					found.add(pair, "%s %s is made for a credential", "%s %s 用于存放凭据", in.Keyword, name)
				}
			}
			if known == found.count && secretValues().MatchString(in.Command()) {
				found.add(in.Value, "%s holds a credential", "%s 中有凭据", in.Keyword)
			}
		}
	}
	return found.fault()
}

// holds reports whether a variable has a value of its own. One without any is
// filled in by who builds, which matters where the result is kept.
func holds(value string, filled bool) bool {
	return filled || value != "" && !strings.HasPrefix(value, "$") && !strings.HasPrefix(value, "/")
}

// secretNames are names of variables for credentials.
var secretNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|_)(password|passwd|pword|secret|token|api_?key|access_key|secret_key|private_key|credentials?)(_|$)`)
})

func isSecretName(name string) bool {
	lower := strings.ToLower(name)
	for _, suffix := range []string{"_file", "_path", "_dir", "_url", "_name", "_id", "_ttl", "_expiry", "_type", "_length", "_enabled", "_env"} {
		if strings.HasSuffix(lower, suffix) {
			return false
		}
	}
	return secretNames().MatchString(name)
}

// secretValues are forms that credentials of well-known issuers have.
var secretValues = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{36}|\bgithub_pat_[0-9A-Za-z_]{60,}|\bglpat-[0-9A-Za-z_-]{20}|` +
		`\bxox[abprs]-[0-9A-Za-z-]{10,}|\bnpm_[0-9A-Za-z]{36}|\bsk_live_[0-9A-Za-z]{20,}|\bAIza[0-9A-Za-z_-]{35}|` +
		`-----BEGIN [A-Z ]*PRIVATE KEY-----|https?://[^\s/:@$]+:[^\s/:@$]{3,}@`)
})
