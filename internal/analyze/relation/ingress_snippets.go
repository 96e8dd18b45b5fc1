package relation

import (
	"regexp"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// ingressSnippets finds controllers of ingress-nginx that take configuration
// from annotations of whoever may create an Ingress (CVE-2021-25742).
func ingressSnippets() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "ingress-snippets",
			Aliases: []string{"C-0059"},
			Title:   lang.Text{EN: "ingress-nginx is open to CVE-2021-25742", ZH: "ingress-nginx 受 CVE-2021-25742 影响"},
			Risk: lang.Text{
				EN: "Whoever may create an Ingress reads the Secrets of the whole cluster through the controller.",
				ZH: "能创建 Ingress 者可通过控制器读取整个集群的 Secret。",
			},
			Advice: lang.Text{
				EN: "Upgrade the controller and set allow-snippet-annotations to false in its ConfigMap.",
				ZH: "升级控制器，并在其 ConfigMap 中将 allow-snippet-annotations 设为 false。",
			},
			Severity:   finding.High,
			Category:   "network",
			Techniques: []string{"MS-TA9025"},
			Frameworks: []finding.Reference{
				{Framework: "nsa"},
				{Framework: "mitre"},
				{Framework: "armobest"},
			},
			References: []string{"https://github.com/kubernetes/ingress-nginx/issues/7837"},
			Fix:        control.Fix{Change: "upgrade-component"},
		},
		Needs: []graph.Kind{workload.ConfigMap},
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				image, ok := ingressImage(w)
				if !ok {
					continue
				}
				if !takesSnippets(image.Str()) || f.snippetsOff(w.Node.Namespace) {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "Image %s takes snippets from annotations, and no ConfigMap in namespace %s forbids it.",
						ZH: "镜像 %s 接受注解中的片段，且命名空间 %s 中没有 ConfigMap 禁止这样做。",
					}, image.Str(), w.Node.Namespace),
					Evidence: []finding.Evidence{check.At(image)},
				})
			}
		},
	}
}

var (
	imageTag     = regexp.MustCompile(`:\w[\w.-]{0,127}(/)?`)
	imageVersion = regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+`)
)

// ingressImage is the image of a container that looks like an ingress-nginx
// controller with a version.
func ingressImage(w workload.View) (graph.Value, bool) {
	for c := range w.Containers() {
		image := c.Get("image").Str()
		named := strings.Contains(image, "nginx-controller") || strings.Contains(image, "ingress-controller") || strings.Contains(image, "ingress-nginx")
		if named && hasTag(image) && imageVersion.MatchString(image) {
			return c.Get("image"), true
		}
	}
	return graph.Value{}, false
}

// hasTag tells a tag from the port of a registry, which a slash follows.
func hasTag(image string) bool {
	for _, match := range imageTag.FindAllString(image, -1) {
		if !strings.HasSuffix(match, "/") {
			return true
		}
	}
	return false
}

// takesSnippets reports whether the version in an image name is one that can't
// be told, or has to be told, to ignore snippets: up to 0.49.0, and 1.0.0.
func takesSnippets(image string) bool {
	v, ok := parseVersion(imageVersion.FindString(image))
	if !ok {
		return false
	}
	return v.major == 0 && (v.minor < 49 || v.minor == 49 && v.patch == 0) || v == version{1, 0, 0}
}

// snippetsOff reports whether a ConfigMap beside the controller forbids
// snippets.
func (f *facts) snippetsOff(namespace string) bool {
	for n := range f.snapshot.OfKind(workload.ConfigMap) {
		if n.Namespace == namespace && n.Object.At("data", "allow-snippet-annotations").Text() == "false" {
			return true
		}
	}
	return false
}
