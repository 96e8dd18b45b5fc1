package dockerfile

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// noHealthcheck finds images that nobody can ask whether they work.
func noHealthcheck() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-no-healthcheck",
		Aliases: []string{"DS-0026", "CKV_DOCKER_2"},
		Title:   lang.Text{EN: "Image has no health check", ZH: "镜像没有健康检查"},
		Risk: lang.Text{
			EN: "Where nothing else probes the container, one that hangs goes on to be used.",
			ZH: "在没有其他探测的环境中，已挂起的容器仍会继续被使用。",
		},
		Advice: lang.Text{
			EN: "Add HEALTHCHECK for engines that read it. Kubernetes does not: give the Pod probes there.",
			ZH: "为支持它的容器引擎添加 HEALTHCHECK。Kubernetes 不读取它：请为 Pod 设置探针。",
		},
		Severity: finding.Info, Techniques: []string{"MS-TA9040"},
	}, func(f build.File) *check.Fault {
		var found faults
		if _, set := f.Last("HEALTHCHECK"); !set {
			found.add(f.Final()[0].From(), "no HEALTHCHECK", "没有 HEALTHCHECK")
		}
		return found.fault()
	})
}
