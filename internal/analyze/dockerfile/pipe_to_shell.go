package dockerfile

import (
	"regexp"
	"sync"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// pipeToShell finds downloads that are executed as they come.
func pipeToShell() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-pipes-download-to-shell",
		Aliases: []string{"dockerfile-curl-bash"},
		Title:   lang.Text{EN: "Build executes a download unseen", ZH: "构建直接执行下载的内容"},
		Risk: lang.Text{
			EN: "Whoever controls the server, its name or the way to it runs commands in the build and puts what they like into the image. A download that breaks off runs by half.",
			ZH: "控制该服务器、其域名或传输路径者可在构建中执行命令，并向镜像植入任意内容；中断的下载也会被部分执行。",
		},
		Advice: lang.Text{
			EN: "Download to a file, compare its checksum or signature with one that is written in the recipe, and only then execute it; or install a package.",
			ZH: "先下载到文件，将其校验和或签名与配方中写明的值比对后再执行；或改为安装软件包。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9002"},
	}, func(f build.File) *check.Fault {
		var found faults
		for _, s := range f.Stages {
			for in := range s.Instructions() {
				if in.Keyword == "RUN" && runsDownload(in.Command()) {
					found.add(in.Value, "a download goes into a shell", "下载内容被送入 shell")
				}
			}
		}
		return found.fault()
	})
}

// substituted is a download in place of a script: bash -c "$(curl …)".
var substituted = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\\b(ba|da|a|z|k)?sh\\b[^;&|\\n]*(\\$\\(|<\\(|`)\\s*(curl|wget)\\b|\\b(eval|source)\\b[^;&|\\n]*(\\$\\(|<\\(|`)\\s*(curl|wget)\\b")
})

func runsDownload(script string) bool {
	downloads := false // something before in this pipe does
	for _, c := range commands(script) {
		if downloads && interprets(c) {
			return true
		}
		downloads = c.piped && (downloads || c.name() == "curl" || c.name() == "wget")
	}
	return substituted().MatchString(script)
}

// interprets reports whether a command runs what it reads.
func interprets(c command) bool {
	switch c.name() {
	case "sh", "bash", "ash", "dash", "zsh", "ksh":
		return !c.has("-c")
	case "python", "python2", "python3", "perl", "ruby", "node", "php":
		return len(c.words) == 1 || c.words[1] == "-"
	}
	return false
}
