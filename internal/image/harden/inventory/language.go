package inventory

import (
	"encoding/csv"
	"encoding/json"
	"path"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// readFolders finds the packages of npm and Python that no system package owns.
func (i *Inventory) readFolders() {
	for _, file := range i.tree.Paths() {
		if e := i.tree.Lookup(file); e.Kind != rootfs.File || len(i.owners[file]) > 0 {
			continue
		}
		switch base := path.Base(file); {
		case base == "package.json" && inModules(path.Dir(file)):
			i.addNPM(file)
		case base == "METADATA" && strings.HasSuffix(path.Dir(file), ".dist-info"):
			i.addPython(file)
		}
	}
}

// inModules reports whether a folder is node_modules/NAME or
// node_modules/@SCOPE/NAME.
func inModules(folder string) bool {
	parent := path.Dir(folder)
	if strings.HasPrefix(path.Base(parent), "@") {
		parent = path.Dir(parent)
	}
	return path.Base(parent) == "node_modules"
}

func (i *Inventory) addNPM(file string) {
	text, _ := i.read(file)
	var manifest struct {
		Name, Version string
	}
	if json.Unmarshal([]byte(text), &manifest) != nil || manifest.Name == "" || manifest.Version == "" {
		return
	}
	p := &Package{System: NPM, Name: manifest.Name, Version: manifest.Version}
	i.claimFolder(p, path.Dir(file))
	i.Packages = append(i.Packages, p)
}

// claimFolder gives a package all files of a folder, without the packages in it.
func (i *Inventory) claimFolder(p *Package, folder string) {
	for _, name := range i.tree.Names(folder) {
		at := path.Join(folder, name)
		switch e := i.tree.Lookup(at); {
		case name == "node_modules":
		case e.Kind == rootfs.Folder:
			i.claimFolder(p, at)
		default:
			p.Files = append(p.Files, at)
		}
	}
}

// addPython reads the record of files of a wheel.
func (i *Inventory) addPython(file string) {
	text, _ := i.read(file)
	head, _, _ := strings.Cut(text, "\n\n")
	f := fields(head)
	if f["name"] == "" || f["version"] == "" {
		return
	}
	p := &Package{System: PyPI, Name: f["name"], Version: f["version"]}
	folder := path.Dir(file)
	record, _ := i.read(path.Join(folder, "RECORD"))
	reader := csv.NewReader(strings.NewReader(record))
	reader.FieldsPerRecord = -1
	for {
		row, err := reader.Read()
		if err != nil || len(row) == 0 {
			break
		}
		p.claim(i.tree, path.Join("/", path.Dir(folder), row[0]))
	}
	if record == "" {
		i.claimFolder(p, folder)
	}
	p.Records = i.tree.Under(folder)
	i.Packages = append(i.Packages, p)
}
