package dockerfile

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// exposesSSH finds images that offer SSH.
func exposesSSH() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-exposes-ssh",
		Aliases: []string{"DS-0004", "CKV_DOCKER_1"},
		Title:   lang.Text{EN: "Image offers SSH", ZH: "镜像提供 SSH"},
		Risk: lang.Text{
			EN: "A login server in the container is a second way in, with accounts and keys that nobody manages and no audit log sees.",
			ZH: "容器中的登录服务是另一个入口，其账户与密钥无人管理，审计日志也看不到。",
		},
		Advice: lang.Text{
			EN: "Take the SSH server out of the image; use kubectl exec or kubectl debug, which the API server authorises and logs.",
			ZH: "从镜像中移除 SSH 服务；改用由 API Server 授权并记录的 kubectl exec 或 kubectl debug。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9010"},
	}, func(f build.File) *check.Fault {
		var found faults
		ports(f, func(port int, v graph.Value) {
			if port == 22 {
				found.add(v, "EXPOSE 22", "EXPOSE 22")
			}
		})
		return found.fault()
	})
}

// maxRange bounds how many ports of a range are looked at.
const maxRange = 65536

// ports tells every port that the finished image exposes.
func ports(f build.File, tell func(port int, v graph.Value)) {
	for _, s := range f.Final() {
		for in := range s.Instructions() {
			if in.Keyword != "EXPOSE" {
				continue
			}
			for _, word := range strings.Fields(in.Text) {
				number, _, _ := strings.Cut(word, "/")
				from, to, isRange := strings.Cut(number, "-")
				if !isRange {
					to = from
				}
				first, err1 := strconv.Atoi(from)
				last, err2 := strconv.Atoi(to)
				for port := first; err1 == nil && err2 == nil && port <= last && port-first < maxRange; port++ {
					tell(port, in.Value)
				}
			}
		}
	}
}
