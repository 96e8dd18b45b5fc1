package dockerfile

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// remoteAdd finds files that are fetched from elsewhere without a checksum.
func remoteAdd() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-add-remote",
		Aliases: []string{"DL3020", "CKV_DOCKER_4"},
		Title:   lang.Text{EN: "ADD fetches a file unchecked", ZH: "ADD 获取未校验的文件"},
		Risk: lang.Text{
			EN: "Whoever controls the server puts a file into the image, and the next build may get another one.",
			ZH: "控制该服务器者可向镜像放入文件，且下一次构建可能得到不同的内容。",
		},
		Advice: lang.Text{
			EN: "Give ADD the checksum with --checksum=sha256:…, or download in a RUN step and compare there.",
			ZH: "用 --checksum=sha256:… 为 ADD 指定校验和，或在 RUN 步骤中下载并比对。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9002"},
		References: []string{"https://docs.docker.com/reference/dockerfile/#add---checksum"},
	}, func(f build.File) *check.Fault {
		var found faults
		for _, s := range f.Stages {
			for in := range s.Instructions() {
				checked := false
				for range in.Flags("checksum") {
					checked = true
				}
				for _, source := range copied(in) {
					remote := strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
					if in.Keyword == "ADD" && remote && !checked && !strings.HasSuffix(source, ".git") && !strings.Contains(source, ".git#") {
						found.add(in.Value, "ADD %s", "ADD %s", source)
					}
				}
			}
		}
		return found.fault()
	})
}
