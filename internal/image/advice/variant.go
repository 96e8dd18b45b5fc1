package advice

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/lang"
)

// slimmer advises on the variant that publishers make with less in it.
func (c *counsel) slimmer() {
	suffix, why := variantOf(c.repository)
	if suffix == "" || c.tag == "" || c.tag == "latest" || !plain(c.tag) {
		return
	}
	tag := c.tag
	for i := range c.list { // best both at once
		if c.list[i].Kind == Supported || c.list[i].Kind == Current {
			tag = c.list[i].Instead[strings.LastIndexByte(c.list[i].Instead, ':')+1:]
		}
	}
	c.offer(Slimmer, insertVariant(tag, suffix), why)
}

// variantOf is the smaller variant of an official image.
func variantOf(repository string) (suffix string, why lang.Text) {
	name, official := strings.CutPrefix(repository, "docker.io/library/")
	if !official {
		return "", lang.Text{}
	}
	slim := say("the slim variant leaves out compilers, documentation and tools that only builds need", "slim 变体不含编译器、文档以及仅构建时所需的工具")
	switch name {
	case "debian":
		return "slim", say("the slim variant leaves out documentation and translations", "slim 变体不含文档与翻译")
	case "python", "node", "ruby", "perl", "rust":
		return "slim", slim
	case "eclipse-temurin", "sapmachine", "ibm-semeru-runtimes":
		return "jre", say("a program that is built needs the runtime only, and not the compiler", "已构建的程序只需运行时，不需要编译器")
	case "nginx":
		return "alpine-slim", say("the variant on Alpine without modules has a tenth of the packages", "基于 Alpine 且不含模块的变体，软件包数量约为十分之一")
	case "postgres", "redis", "httpd", "haproxy", "memcached", "rabbitmq", "traefik":
		return "alpine", say("the variant on Alpine has fewer packages; try it first, it has another C library", "基于 Alpine 的变体软件包更少；其 C 库不同，请先试用")
	}
	return "", lang.Text{}
}

// plain reports whether a tag names no variant yet, but perhaps a release of the
// system below.
func plain(tag string) bool {
	for _, word := range strings.Split(tag, "-")[1:] {
		if word != "jdk" && !isCodename(word) {
			return false
		}
	}
	return true
}

func isCodename(word string) bool {
	switch word {
	case "bullseye", "bookworm", "trixie", "buster", "stretch", "focal", "jammy", "noble":
		return true
	}
	return false
}

// insertVariant puts a variant behind the version: "3.12-bookworm" becomes
// "3.12-slim-bookworm".
func insertVariant(tag, variant string) string {
	version, rest, found := strings.Cut(strings.ReplaceAll(tag, "-jdk", ""), "-")
	if found && !strings.HasPrefix(variant, "alpine") {
		return version + "-" + variant + "-" + rest
	}
	return version + "-" + variant
}

// bare advises on a base without a distribution, for programs that need nothing
// of one.
func (c *counsel) bare() {
	count := 0
	for i := range c.artifact.Packages {
		if c.artifact.Packages[i].OfSystem() {
			count++
		}
	}
	if strings.Contains(c.repository, "distroless") || c.repository == "docker.io/library/scratch" || count == 0 {
		return
	}
	image, needs := bareFor(c.artifact)
	if image == "" {
		return
	}
	c.list = append(c.list, Advice{Kind: Bare, Base: c.base, Instead: image, Reason: lang.Text{
		EN: fmt.Sprintf("%s; %d system packages would go, shell and package manager among them", needs.EN, count),
		ZH: fmt.Sprintf("%s；可去除 %d 个系统软件包，包括 shell 和包管理器", needs.ZH, count),
	}})
}

// bareFor is the smallest base that what an image starts can run on.
func bareFor(a *artifact.Artifact) (image string, needs lang.Text) {
	command := append(append([]string(nil), a.Config.Entrypoint...), a.Config.Cmd...)
	if len(command) == 0 {
		return "", lang.Text{}
	}
	program := strings.TrimPrefix(command[0], "/")
	switch base := program[strings.LastIndexByte(program, '/')+1:]; {
	case base == "java":
		if major := runtimeVersion(a, "java"); major != "" {
			return "gcr.io/distroless/java" + major + "-debian13:nonroot", say("the program needs Java and nothing else", "该程序只需要 Java")
		}
	case base == "node":
		if major := runtimeVersion(a, "node"); major != "" {
			return "gcr.io/distroless/nodejs" + major + "-debian13:nonroot", say("the program needs Node.js and nothing else", "该程序只需要 Node.js")
		}
	case builtWith(a, program, "golang"):
		return "gcr.io/distroless/static-debian13:nonroot", say("the program is a Go binary; built with CGO_ENABLED=0 it needs no C library", "该程序为 Go 二进制文件；以 CGO_ENABLED=0 构建时不需要 C 库")
	case builtWith(a, program, "cargo"):
		return "gcr.io/distroless/cc-debian13:nonroot", say("the program is a Rust binary and needs the C library only", "该程序为 Rust 二进制文件，只需要 C 库")
	}
	return "", lang.Text{}
}

// builtWith reports whether a program was found to be made of packages of a type.
func builtWith(a *artifact.Artifact, program, kind string) bool {
	for i := range a.Packages {
		p := &a.Packages[i]
		if p.Type() == kind && len(p.Locations) > 0 && strings.TrimPrefix(p.Locations[0], "/") == program {
			return true
		}
	}
	return false
}

// runtimeVersion is the major version of the runtime in an image, where there is
// a bare base for it.
func runtimeVersion(a *artifact.Artifact, runtime string) string {
	offered := map[string][]string{"java": {"17", "21", "25"}, "node": {"22", "24"}}[runtime]
	for i := range a.Packages {
		p := &a.Packages[i]
		if !isRuntime(p, runtime) {
			continue
		}
		for _, major := range offered {
			if rest, found := strings.CutPrefix(p.Version, major); found && (rest == "" || strings.ContainsAny(rest[:1], ".+-_")) {
				return major
			}
		}
	}
	return ""
}

func isRuntime(p *artifact.Package, runtime string) bool {
	switch runtime {
	case "node":
		return p.Name == "node" && p.Type() == "generic" || p.Name == "nodejs" && p.OfSystem()
	case "java":
		return (p.Type() == "generic" || p.OfSystem()) && (p.Name == "java" || p.Name == "jdk" || p.Name == "jre" || strings.Contains(p.Name, "openjdk") || strings.Contains(p.Name, "temurin"))
	}
	return false
}
