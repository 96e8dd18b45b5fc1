package dockerfile

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// baseLatest finds base images without a version.
func baseLatest() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-base-latest",
		Aliases: []string{"DL3006", "DL3007", "DS-0001", "CKV_DOCKER_7"},
		Title:   lang.Text{EN: "Base image has no version", ZH: "基础镜像未指定版本"},
		Risk: lang.Text{
			EN: "Every build may take another release, also one that breaks or that somebody put there; nobody can tell later what an image was made of.",
			ZH: "每次构建都可能采用不同的版本，包括有问题或被人植入的版本；事后也无从得知镜像的组成。",
		},
		Advice: lang.Text{
			EN: "Name a version of the base image, best with its digest.",
			ZH: "为基础镜像指定版本，最好附上摘要。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9002"},
	}, func(f build.File) *check.Fault {
		var found faults
		for s := range f.External() {
			if _, tag, digest := artifact.Split(s.Image); s.Image != "" && tag == "latest" && digest == "" {
				found.add(s.From(), "%s means latest", "%s 即 latest", s.Image)
			}
		}
		return found.fault()
	})
}
