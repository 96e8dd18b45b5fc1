package inventory

import (
	"path"
	"strings"
)

// Rewrite makes the databases say what is left. The files are gone from the
// tree already; removed are packages that go as a whole, stripped those that
// lost files.
func (i *Inventory) Rewrite(removed, stripped map[*Package]bool) {
	for p := range removed {
		for _, record := range p.Records {
			i.tree.Drop(record)
		}
	}
	byName := i.byName()
	i.rewriteStatus(byName, removed, stripped)
	for p := range stripped {
		switch {
		case p.System == Deb && i.tree.Lookup(path.Join(dpkgFolder, p.Name)) != nil:
			i.markFile(path.Join(dpkgFolder, p.Name))
		case p.System == Deb:
			i.rewriteInfo(p)
		}
	}
	i.rewriteApk(byName, removed, stripped)
}

// key tells packages of one system apart: two architectures may stand beside
// each other.
func key(system, name, architecture string) string { return system + " " + name + " " + architecture }

func (i *Inventory) byName() map[string]*Package {
	all := map[string]*Package{}
	for _, p := range i.Packages {
		all[key(p.System, p.Name, p.Architecture)] = p
	}
	return all
}

// replace writes a file of a database, through links.
func (i *Inventory) replace(name, content string) {
	if real, _, err := i.tree.Resolve(name); err == nil {
		i.tree.Replace(real, []byte(content))
	}
}

func (i *Inventory) rewriteStatus(byName map[string]*Package, removed, stripped map[*Package]bool) {
	text, real := i.read(dpkgStatus)
	if real == "" {
		return
	}
	var out strings.Builder
	for _, s := range stanzas(text) {
		p := byName[key(Deb, s.fields["package"], s.fields["architecture"])]
		if !s.installed() || p == nil || removed[p] {
			continue
		}
		out.WriteString(s.text)
		if stripped[p] && s.fields["foil-stripped"] == "" {
			out.WriteString("\n" + StrippedField)
		}
		out.WriteString("\n\n")
	}
	i.replace(dpkgStatus, out.String())
}

func (i *Inventory) markFile(name string) {
	text, _ := i.read(name)
	if !strings.Contains(text, StrippedField) {
		i.replace(name, strings.TrimRight(text, "\n")+"\n"+StrippedField+"\n")
	}
}

// rewriteInfo takes files that are gone out of the lists of a package.
func (i *Inventory) rewriteInfo(p *Package) {
	for _, record := range p.Records {
		switch path.Ext(record) {
		case ".list":
			i.filter(record, func(line string) string { return line })
		case ".md5sums":
			i.filter(record, func(line string) string {
				_, file, _ := strings.Cut(line, "  ")
				return "/" + file
			})
		}
	}
}

// filter keeps the lines whose file is in the tree.
func (i *Inventory) filter(record string, file func(line string) string) {
	text, real := i.read(record)
	if real == "" {
		return
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if i.exists(file(strings.TrimRight(line, "\n"))) {
			out.WriteString(line)
		}
	}
	i.replace(record, out.String())
}

func (i *Inventory) exists(listed string) bool {
	at, err := i.tree.Locate(listed)
	return err == nil && i.tree.Lookup(at) != nil
}

func (i *Inventory) rewriteApk(byName map[string]*Package, removed, stripped map[*Package]bool) {
	seen := map[string]bool{}
	for _, name := range apkDatabases() {
		text, real := i.read(name)
		if real == "" || seen[real] {
			continue
		}
		seen[real] = true
		var out strings.Builder
		for part := range strings.SplitSeq(text, "\n\n") {
			q := i.apkPackage(part)
			p := byName[key(Apk, q.Name, q.Architecture)]
			if p == nil || removed[p] {
				continue
			}
			out.WriteString(i.apkText(part, stripped[p]))
			out.WriteString("\n")
		}
		i.replace(name, out.String())
	}
}

// apkText is a paragraph without the files that are gone.
func (i *Inventory) apkText(part string, stripped bool) string {
	var out strings.Builder
	folder, gone, marked := "", false, false
	for line := range strings.Lines(strings.Trim(part, "\n") + "\n") {
		value := strings.TrimRight(line[min(2, len(line)):], "\n")
		switch {
		case strings.HasPrefix(line, "F:"):
			folder = value
			gone = !i.exists("/" + folder)
			if stripped && !marked {
				out.WriteString(StrippedLine + "\n") // before the first folder: after it, lines are about files
				marked = true
			}
		case strings.HasPrefix(line, "R:"):
			gone = !i.exists("/" + path.Join(folder, value))
		case !strings.HasPrefix(line, "a:") && !strings.HasPrefix(line, "Z:") && !strings.HasPrefix(line, "M:"):
			gone = strings.HasPrefix(line, "z:foil")
		}
		if !gone {
			out.WriteString(line)
		}
	}
	return out.String()
}

// IsDatabase reports whether a file belongs to the database of a system, and
// stays whatever happens to the packages.
func IsDatabase(file string) bool {
	for _, name := range append(apkDatabases(), dpkgStatus) {
		if file == name {
			return true
		}
	}
	return path.Dir(file) == dpkgFolder ||
		path.Dir(file) == dpkgInfo && (path.Ext(file) == ".list" || path.Ext(file) == ".md5sums" || path.Ext(file) == ".conffiles") ||
		path.Dir(file) == "lib/apk/db" || path.Dir(file) == "usr/lib/apk/db" || path.Dir(file) == "etc/apk"
}
