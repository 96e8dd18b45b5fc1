package machine

import (
	"os"
	"slices"
	"strings"
)

// Check returns a *Missing when this machine cannot run a control plane or,
// with node, a node.
func Check(node bool) error {
	if err := supported(); err != nil {
		return err
	}
	if node && os.Geteuid() != 0 {
		return &Missing{What: "a real node needs root: it makes network namespaces, mounts and cgroups", Help: "run it as root, or without a node"}
	}
	absent := absentPrograms(node)
	if len(absent) == 0 {
		return nil
	}
	return missing(absent)
}

func missing(absent []program) *Missing {
	return &Missing{
		What: "not installed: " + describe(absent),
		Help: "install it as root: apt-get update && apt-get " + strings.Join(installArguments(absent), " "),
	}
}

func absentPrograms(node bool) []program {
	wanted := controlPlanePrograms()
	if node {
		wanted = append(wanted, nodePrograms()...)
	}
	absent := slices.DeleteFunc(wanted, func(p program) bool {
		_, err := Find(p.name)
		return err == nil
	})
	if _, err := CNIPlugins(); node && err != nil {
		absent = append(absent, program{"CNI plugins", "containernetworking-plugins", "connect pods to the bridge"})
	}
	return absent
}

func describe(absent []program) string {
	var parts []string
	for _, p := range absent {
		parts = append(parts, p.name+" ("+p.purpose+")")
	}
	return strings.Join(parts, ", ")
}

// installArguments are for apt-get; each package is named once.
func installArguments(absent []program) []string {
	args := []string{"install", "-y", "--no-install-recommends"}
	for _, p := range absent {
		for pkg := range strings.FieldsSeq(p.pkg) {
			if !slices.Contains(args, pkg) {
				args = append(args, pkg)
			}
		}
	}
	return args
}
