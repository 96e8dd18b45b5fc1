package dockerfile

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// setuid finds steps that make programs run with more rights than their caller.
func setuid() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-setuid",
		Aliases: []string{"CIS-DI-0008"},
		Title:   lang.Text{EN: "Build makes a program run as its owner", ZH: "构建为程序设置 setuid"},
		Risk: lang.Text{
			EN: "A flaw in such a program gives every user of the container the rights of root there.",
			ZH: "此类程序的缺陷会让容器中的任何用户获得 root 权限。",
		},
		Advice: lang.Text{
			EN: "Do without the bit: run the one step as root before USER, or give the container the one capability that it needs.",
			ZH: "不要设置该位：在 USER 之前以 root 执行所需步骤，或仅为容器授予所需的能力。",
		},
		Severity: finding.Medium, Techniques: []string{"MS-TA9018"},
	}, func(f build.File) *check.Fault {
		var found faults
		for _, s := range f.Final() {
			for in := range s.Instructions() {
				for mode := range in.Flags("chmod") {
					if setsID(mode) {
						found.add(in.Value, "--chmod=%s", "--chmod=%s", mode)
					}
				}
				if in.Keyword != "RUN" {
					continue
				}
				for _, c := range commands(in.Command()) {
					if mode := chmod(c); setsID(mode) {
						found.add(in.Value, "chmod %s", "chmod %s", mode)
					}
				}
			}
		}
		return found.fault()
	})
}

// chmod is the mode that a command sets, empty for other commands.
func chmod(c command) string {
	if c.name() != "chmod" {
		return ""
	}
	for _, w := range c.words[1:] {
		if !strings.HasPrefix(w, "-") {
			return w
		}
	}
	return ""
}

// setsID reports whether a mode has the bit of the user or the group.
func setsID(mode string) bool {
	const bits = 0o6000
	if number, err := strconv.ParseUint(mode, 8, 32); err == nil {
		return number&bits != 0
	}
	for part := range strings.SplitSeq(mode, ",") {
		who, what, adds := strings.Cut(part, "+")
		if !adds {
			who, what, adds = strings.Cut(part, "=")
		}
		if adds && who != "o" && strings.Contains(what, "s") {
			return true
		}
	}
	return false
}
