package dockerfile

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// rootUser finds images that run as root.
func rootUser() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-root-user",
		Aliases: []string{"DL3002", "DS-0002", "CKV_DOCKER_3", "CKV_DOCKER_8"},
		Title:   lang.Text{EN: "Image runs as root", ZH: "镜像以 root 运行"},
		Risk: lang.Text{
			EN: "Whoever breaks into the process is root in the container, and one flaw of the kernel or of a mount away from root on the node.",
			ZH: "攻破该进程者即为容器内的 root，再借内核或挂载的一个缺陷便可成为节点上的 root。",
		},
		Advice: lang.Text{
			EN: "Create a user and name it by number with USER before the command starts; let the files that it writes belong to it, and listen on a port above 1023.",
			ZH: "创建用户，并在启动命令之前用 USER 以数字形式指定；将其写入的文件归该用户所有，并监听 1023 以上的端口。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9018"},
		References: []string{"https://docs.docker.com/build/building/best-practices/#user"},
	}, judgeUser)
}

// anyUser is a number that no system gives to an account of its own.
const anyUser = "65532:65532"

func judgeUser(f build.File) *check.Fault {
	if isWindows(f) {
		return nil
	}
	user, set := f.Last("USER")
	if set && !isRoot(user.Text) || !set && baseHasUser(f) {
		return nil
	}
	var found faults
	if set {
		found.add(user.Value, "the last USER is %s", "最后的 USER 是 %s", user.Text)
	} else {
		found.add(f.Final()[0].From(), "no USER is set, so the image runs as root unless its base says otherwise", "未设置 USER；除非基础镜像另有设置，否则以 root 运行")
	}
	if !lowPort(f) {
		last := f.Final()[0]
		found.fixes = []finding.Fix{{
			Operation: finding.Append, Path: fmt.Sprintf("stages[%d].instructions", last.Index), Value: fmt.Sprintf("%q", "USER "+anyUser),
		}}
	}
	return found.fault()
}

func isRoot(user string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(user), ":")
	return name == "root" || name == "0"
}

// baseHasUser reports whether the base image is one that sets a user itself.
func baseHasUser(f build.File) bool {
	chain := f.Final()
	repository, tag, _ := artifact.Split(chain[len(chain)-1].Image)
	return strings.Contains(tag, "nonroot") || strings.HasSuffix(repository, "-unprivileged") || strings.HasSuffix(repository, "-nonroot") ||
		strings.HasPrefix(repository, "cgr.dev/chainguard/") || strings.HasPrefix(repository, "docker.io/bitnami/")
}

// isWindows reports whether a recipe is for Windows, which knows no root.
func isWindows(f build.File) bool {
	for _, s := range f.Stages {
		if strings.Contains(s.Image, "windows/") || strings.HasPrefix(s.Get("platform").Str(), "windows") {
			return true
		}
	}
	return false
}

// lowPort reports whether an image listens where only root may.
func lowPort(f build.File) bool {
	low := false
	ports(f, func(port int, _ graph.Value) { low = low || port < 1024 })
	return low
}
