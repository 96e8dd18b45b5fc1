package dockerfile

import (
	"path"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// sensitiveFile finds files with credentials that are copied into the image.
func sensitiveFile() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-copies-credential-file",
		Aliases: []string{"dockerfile-sensitive-copy"},
		Title:   lang.Text{EN: "Build copies a file with credentials", ZH: "构建复制含凭据的文件"},
		Risk: lang.Text{
			EN: "The file stays in a layer of the image, even when a later step deletes it. Whoever can pull the image can take it out.",
			ZH: "该文件会留在镜像的层中，即使后续步骤将其删除。任何能拉取镜像的人都可以取出它。",
		},
		Advice: lang.Text{
			EN: "Mount the file for the one step that needs it, with RUN --mount=type=secret or --mount=type=ssh, and list it in .dockerignore.",
			ZH: "仅在需要该文件的步骤中用 RUN --mount=type=secret 或 --mount=type=ssh 挂载，并将其列入 .dockerignore。",
		},
		Severity: finding.High, Techniques: []string{"MS-TA9027"},
	}, func(f build.File) *check.Fault {
		var found faults
		for _, s := range f.Final() {
			for in := range s.Instructions() {
				for _, source := range copied(in) {
					if isCredentialFile(source) {
						found.add(in.Value, "%s copies %s", "%s 复制 %s", in.Keyword, source)
					}
				}
			}
		}
		return found.fault()
	})
}

// copied lists what an instruction takes from the folder of the build.
func copied(in build.Instruction) []string {
	if in.Keyword != "COPY" && in.Keyword != "ADD" {
		return nil
	}
	for range in.Flags("from") {
		return nil
	}
	var list []string
	for _, item := range in.Get("exec").Items() {
		list = append(list, item.Str())
	}
	if list == nil {
		list = strings.Fields(in.Text)
	}
	return list[:max(len(list)-1, 0)]
}

func isCredentialFile(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch base {
	case ".env", ".npmrc", ".netrc", ".pypirc", ".git-credentials", ".pgpass", ".aws", ".ssh", ".kube", "kubeconfig", ".htpasswd",
		"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credentials.json", "service-account.json":
		return true
	}
	if strings.HasPrefix(base, ".env.") {
		return !strings.Contains(base, "example") && !strings.Contains(base, "sample") && !strings.Contains(base, "template")
	}
	return strings.HasSuffix(base, ".p12") || strings.HasSuffix(base, ".pfx") || strings.HasSuffix(base, ".jks") || strings.HasSuffix(base, ".key")
}
