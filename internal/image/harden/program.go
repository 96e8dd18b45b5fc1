package harden

import (
	"path"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/archive"
	"github.com/foilsec/foil/internal/image/harden/closure"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/image/harden/stage"
)

// defaultPath is what container runtimes set when an image does not.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// environment is the variables of an image, with those that a runtime adds.
func environment(run *archive.Run, home string) []string {
	env := slices.Clone(run.Env)
	for _, pair := range []string{"PATH=" + defaultPath, "HOME=" + home, "HOSTNAME=foil"} {
		name, _, _ := strings.Cut(pair, "=")
		if !slices.ContainsFunc(env, func(e string) bool { return strings.HasPrefix(e, name+"=") }) {
			env = append(env, pair)
		}
	}
	return env
}

// settings is what the configuration says about finding files.
func settings(run *archive.Run) closure.Settings {
	s := closure.Settings{WorkingDir: run.WorkingDir, Env: map[string]string{}}
	for _, pair := range environment(run, "/") {
		name, value, _ := strings.Cut(pair, "=")
		s.Env[name] = value
	}
	s.Path = strings.Split(s.Env["PATH"], ":")
	return s
}

// program is a command line in an image, run as an account.
func program(tree *rootfs.Tree, run *archive.Run, arguments []string, a account) stage.Program {
	p := stage.Program{Arguments: arguments, Env: environment(run, a.home), Folder: path.Join("/", run.WorkingDir), UID: a.uid, GID: a.gid, Groups: a.groups}
	if len(arguments) > 0 {
		p.Path = closure.New(tree, settings(run)).Command(arguments[0])
		if p.Path == "" {
			p.Path = arguments[0] // and the failure to start says the rest
		}
	}
	return p
}

// commandLine is what a container of the image starts.
func commandLine(run *archive.Run) []string { return slices.Concat(run.Entrypoint, run.Cmd) }

// healthCommand is the command line of the health check.
func healthCommand(run *archive.Run) []string {
	if run.Healthcheck == nil || len(run.Healthcheck.Test) < 2 {
		return nil
	}
	switch test := run.Healthcheck.Test; test[0] {
	case "CMD":
		return test[1:]
	case "CMD-SHELL":
		return []string{"/bin/sh", "-c", test[1]}
	}
	return nil
}

// words splits a command line at spaces outside of quotes.
func words(text string) []string {
	var list []string
	var word strings.Builder
	quote, open := rune(0), false
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if open || word.Len() > 0 {
				list = append(list, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
		}
	}
	if open || word.Len() > 0 {
		list = append(list, word.String())
	}
	return list
}
