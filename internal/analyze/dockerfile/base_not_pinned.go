package dockerfile

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// baseNotPinned finds base images that are named without a digest. The digest
// itself is looked up when the fix is made.
func baseNotPinned() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-base-not-pinned",
		Aliases: []string{"scorecard-pinned-dependencies"},
		Title:   lang.Text{EN: "Base image is not pinned", ZH: "基础镜像未固定摘要"},
		Risk: lang.Text{
			EN: "A tag can be moved: by its owner, or by whoever takes over the account. The next build then holds something that nobody looked at.",
			ZH: "标签可被其所有者或盗取账户者移动，下一次构建便会包含无人审查过的内容。",
		},
		Advice: lang.Text{
			EN: "Name the base image by tag and digest, and let a bot raise both.",
			ZH: "同时以标签和摘要指定基础镜像，并由机器人自动更新两者。",
		},
		Severity: finding.Low, Techniques: []string{"MS-TA9002"},
		References: []string{"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
	}, func(f build.File) *check.Fault {
		var found faults
		for s := range f.External() {
			if s.Image == "" || strings.Contains(s.Image, "@") {
				continue
			}
			found.add(s.From(), "%s has no digest", "%s 没有摘要", s.Image)
			if s.From().Str() == s.Image {
				found.fixes = append(found.fixes, finding.Fix{
					Operation: finding.Set, Path: fmt.Sprintf("stages[%d].from", s.Index), Value: fmt.Sprintf("%q", s.Image+"@{digest}"),
				})
			}
		}
		if len(found.fixes) < found.count {
			found.fixes = nil // what a build argument says stays
		}
		return found.fault()
	})
}
