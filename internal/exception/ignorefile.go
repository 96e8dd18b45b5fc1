package exception

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// IgnoreFiles are the names under which other scanners look for what to ignore.
func IgnoreFiles() []string {
	return []string{".grype.yaml", ".trivyignore", ".trivyignore.yaml", "osv-scanner.toml"}
}

// FromIgnoreFile reads a file of another scanner, by its name: the ignore rules
// of grype, trivy and osv-scanner, and exception files of Kubescape. Those of the
// first three name no owner: the file stands for one, and an entry without a
// reason is said to be ignored there. Their entries may go without an end, and
// a day ends them at its beginning, as their own tools have it.
func FromIgnoreFile(data []byte, file string) ([]Exception, error) {
	name := path.Base(filepath.ToSlash(file))
	switch extension := path.Ext(name); {
	case strings.HasPrefix(name, ".trivyignore") && (extension == ".yaml" || extension == ".yml"):
		return FromTrivyYAML(data, file)
	case strings.HasSuffix(name, ".trivyignore"):
		return FromTrivy(data, file)
	case strings.Contains(name, "grype") && (extension == ".yaml" || extension == ".yml"):
		return FromGrype(data, file)
	case extension == ".toml":
		return FromOSVScanner(data, file)
	case extension == ".json":
		return FromKubescape(data, file)
	}
	return nil, fmt.Errorf("%s: its name does not tell whose exceptions it holds: want %s, or a .json file of Kubescape", file, strings.Join(IgnoreFiles(), ", "))
}

// foreign begins an exception of another tool's file.
func foreign(file string, number, line int, reason string) Exception {
	x := Exception{Position: graph.Position{File: file, Line: line}}
	x.ID, x.Owner, x.Reason, x.Source = fmt.Sprintf("%s#%d", file, number), file, strings.TrimSpace(reason), file
	if line > 0 {
		x.Source = fmt.Sprintf("%s:%d", file, line)
	}
	if x.Reason == "" {
		x.Reason = "ignored in " + file
	}
	return x
}

// unknownKey voids an entry with a key that foil does not know: it may be what
// limits the entry.
func unknownKey(key string) lang.Text {
	return lang.Text{
		EN: fmt.Sprintf("foil does not know the key %q, which may be a limit: leave it out", key),
		ZH: fmt.Sprintf("foil 不认识键 %q，它可能是一项限制：请删除它", key),
	}
}

// boundless voids an entry that would cover everything.
func boundless() lang.Text {
	return lang.Text{EN: "it limits nothing: name a vulnerability or a package", ZH: "没有任何限制：请写明漏洞或软件包"}
}
