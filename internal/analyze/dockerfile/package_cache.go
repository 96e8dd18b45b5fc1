package dockerfile

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// packageCache finds what package managers leave in the image.
func packageCache() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-package-cache",
		Aliases: []string{"DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042"},
		Title:   lang.Text{EN: "Package cache is left in the image", ZH: "镜像中残留软件包缓存"},
		Risk: lang.Text{
			EN: "The image is larger than it need be, and holds old lists and archives that scanners and attackers read.",
			ZH: "镜像比所需更大，并残留可被扫描器和攻击者读取的旧列表与归档。",
		},
		Advice: lang.Text{
			EN: "Remove the cache in the same RUN step, switch it off, or keep it outside of the image with --mount=type=cache.",
			ZH: "在同一 RUN 步骤中清除缓存、将其关闭，或用 --mount=type=cache 将其置于镜像之外。",
		},
		Severity: finding.Low, Techniques: []string{"MS-TA9009"},
	}, func(f build.File) *check.Fault {
		var found faults
		noPipCache := false
		for _, s := range f.Final() {
			for in := range s.Instructions() {
				for _, pair := range in.Get("variables").Items() {
					noPipCache = noPipCache || pair.Get("name").Str() == "PIP_NO_CACHE_DIR"
				}
			}
		}
		for _, s := range f.Final() {
			for in := range s.Instructions() {
				if in.Keyword != "RUN" || cacheIsMounted(in) {
					continue
				}
				for _, manager := range leftCaches(commands(in.Command()), noPipCache) {
					found.add(in.Value, "the cache of %s is left", "残留 %s 的缓存", manager)
				}
			}
		}
		return found.fault()
	})
}

func cacheIsMounted(in build.Instruction) bool {
	for mount := range in.Flags("mount") {
		if strings.Contains(mount, "type=cache") {
			return true
		}
	}
	return false
}

// manager is a program that installs packages, and how to tell that its cache is
// gone: an option, or a command that cleans.
type manager struct {
	name, verb, option string
	cleaned            []string // parts of a line that cleans
}

func managers() []manager {
	return []manager{
		{"apt-get", "update", "", []string{"/var/lib/apt"}},
		{"apt", "update", "", []string{"/var/lib/apt"}},
		{"apk", "add", "--no-cache", []string{"/var/cache/apk"}},
		{"yum", "install", "", []string{"clean all", "/var/cache/yum", "/var/cache"}},
		{"dnf", "install", "", []string{"clean all", "/var/cache/dnf", "/var/cache"}},
		{"microdnf", "install", "", []string{"clean all", "/var/cache"}},
		{"zypper", "install", "", []string{"zypper clean", "zypper cc"}},
	}
}

// leftCaches lists the package managers of a step whose cache stays.
func leftCaches(list []command, noPipCache bool) []string {
	var lines []string
	for _, c := range list {
		lines = append(lines, strings.Join(c.words, " "))
	}
	var left []string
	for _, m := range managers() {
		for i, c := range list {
			if c.name() == m.name && c.has(m.verb) && !(m.option != "" && c.has(m.option)) && !cleanedAfter(lines[i:], m.cleaned) {
				left = append(left, m.name)
				break
			}
		}
	}
	for _, c := range list {
		pip := c.name() == "pip" || c.name() == "pip3" || strings.HasPrefix(c.name(), "python") && c.has("-m") && c.has("pip")
		if pip && c.has("install") && !noPipCache && !c.has("--no-cache-dir") && !cleanedAfter(lines, []string{"pip cache purge", "/.cache"}) {
			return append(left, "pip")
		}
	}
	return left
}

func cleanedAfter(lines, marks []string) bool {
	for _, line := range lines {
		for _, mark := range marks {
			if strings.Contains(line, mark) && (strings.HasPrefix(line, "rm ") || !strings.HasPrefix(mark, "/")) {
				return true
			}
		}
	}
	return false
}
