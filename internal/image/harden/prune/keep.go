package prune

import (
	"path"
	"strings"
)

// isLegal reports whether a file says under which terms software is used.
func isLegal(file string) bool {
	base := strings.ToLower(path.Base(file))
	for _, word := range []string{"license", "licence", "copying", "notice", "copyright"} {
		if strings.HasPrefix(base, word) {
			return path.Ext(base) != ".py" && path.Ext(base) != ".js" && path.Ext(base) != ".so"
		}
	}
	return within(file, "usr/share/common-licenses") || within(file, "usr/share/licenses")
}

// staysWithPackage reports whether a file of a package that is kept stays,
// though nothing was seen to use it: its settings, and what programs look up
// by name when they need it.
func staysWithPackage(file string) bool {
	for _, folder := range []string{
		"etc", "usr/share/zoneinfo", "usr/share/ca-certificates", "usr/lib/ssl", "usr/local/share/ca-certificates",
		"usr/share/common-licenses", "usr/lib/locale/C.utf8", "var", "run", "srv",
	} {
		if within(file, folder) {
			return !within(file, "var/lib/dpkg") && !within(file, "var/cache")
		}
	}
	switch file {
	case "usr/lib/os-release", "usr/share/base-passwd/passwd.master", "usr/share/base-passwd/group.master":
		return true
	}
	return isLegal(file) || isNameService(file)
}

// isLibraryOfC reports whether a file is one of the libraries that the C
// library consists of. They load each other, and programs count on all of them.
func isLibraryOfC(owner, file string) bool {
	return (owner == "libc6" || owner == "musl") && strings.Contains(path.Base(file), ".so") && !strings.Contains(file, "/gconv/") && !strings.Contains(file, "/audit/")
}

// isNameService reports whether a file is a module that the C library loads to
// look up users and hosts.
func isNameService(file string) bool {
	base := path.Base(file)
	for _, name := range []string{"libnss_files", "libnss_dns", "libnss_compat", "libresolv"} {
		if strings.HasPrefix(base, name+".") {
			return true
		}
	}
	return false
}

// isLeftover reports whether a file that no package owns was left behind by a
// package manager or a build, or can be made again.
func isLeftover(file string) bool {
	for _, folder := range []string{
		"var/cache", "var/lib/apt", "var/log", "tmp", "var/tmp", "usr/share/man", "usr/share/info", "usr/share/lintian",
		"root/.npm", "root/.cache", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/lib/dpkg/alternatives", "var/lib/dpkg/parts",
		"var/lib/systemd", "var/lib/ucf", "debootstrap",
	} {
		if within(file, folder) {
			return true
		}
	}
	switch path.Dir(file) {
	case "var/lib/dpkg", "var/lib/dpkg/info":
		return true // what the database is was kept before this is asked
	}
	return strings.HasPrefix(path.Base(file), ".wh.")
}

// within reports whether a file is in a folder, at any depth.
func within(file, folder string) bool {
	return file == folder || strings.HasPrefix(file, folder+"/")
}
