package sbom

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill"
)

// document is a bill before it takes a format.
type document struct {
	*artifact.Artifact
	options    Options
	created    time.Time
	properties []bill.Property
	packages   []entry
	programs   []program
}

// entry is a package of the bill.
type entry struct {
	*artifact.Package
	ref        string // unique in the bill
	requires   []int  // entries that it needs
	properties []bill.Property
}

type program struct {
	*artifact.Program
	properties []bill.Property
}

func newBill(a *artifact.Artifact, o Options) (*document, error) {
	d := &document{Artifact: a, options: o, created: a.Created}
	if d.created.IsZero() {
		d.created = o.Now
	}
	d.created = d.created.UTC().Truncate(time.Second)
	var err error
	if d.properties, err = bill.OfArtifact(a); err != nil {
		return nil, err
	}
	for i := range a.Packages {
		d.packages = append(d.packages, entry{Package: &a.Packages[i]})
	}
	slices.SortStableFunc(d.packages, func(x, y entry) int { return compare(x.Package, y.Package) })
	d.name()
	d.resolve()
	return d, d.addPrograms()
}

func compare(x, y *artifact.Package) int {
	return cmp.Or(
		cmp.Compare(x.Type(), y.Type()), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Version, y.Version), cmp.Compare(x.PURL, y.PURL),
		slices.Compare(x.Locations, y.Locations), cmp.Compare(x.Layer, y.Layer),
	)
}

// name gives every entry its reference: the package URL where one package has
// it, with the place where several have.
func (d *document) name() {
	count := map[string]int{}
	for i := range d.packages {
		count[d.packages[i].PURL]++
	}
	taken, last := map[string]bool{}, map[string]int{}
	for i := range d.packages {
		e := &d.packages[i]
		e.ref = e.PURL
		switch {
		case e.ref == "":
			e.ref = "package:" + e.Name + "@" + e.Version
		case count[e.PURL] > 1 && len(e.Locations) > 0:
			e.ref += "#" + e.Locations[0]
		}
		for bare := e.ref; taken[e.ref]; {
			last[bare]++
			e.ref = fmt.Sprintf("%s~%d", bare, last[bare]+1)
		}
		taken[e.ref] = true
	}
}

// resolve finds the entries behind the names that packages require.
func (d *document) resolve() {
	named := map[string][]int{}
	for i := range d.packages {
		key := d.packages[i].Type() + "/" + d.packages[i].Name
		named[key] = append(named[key], i)
	}
	for i := range d.packages {
		e := &d.packages[i]
		var unmet []string
		for _, name := range e.Requires {
			candidates := d.candidates(e, named[e.Type()+"/"+name])
			if len(candidates) == 0 {
				unmet = append(unmet, name)
			}
			e.requires = append(e.requires, candidates...)
		}
		slices.Sort(e.requires)
		e.requires = slices.Compact(e.requires)
		e.properties = bill.OfPackage(e.Package, unmet)
	}
}

// candidates are those of some packages of one name that a package means: of
// its own architecture, and the nearest for a system in which several versions
// stand beside each other.
func (d *document) candidates(e *entry, all []int) []int {
	if len(all) < 2 {
		return all
	}
	var same []int
	for _, i := range all {
		if d.packages[i].Architecture == e.Architecture {
			same = append(same, i)
		}
	}
	if e.OfSystem() || len(same) < 2 || len(e.Locations) == 0 {
		return same
	}
	best, longest := -1, -1
	for _, i := range same {
		folder, ok := d.folderOf(i)
		if ok && strings.HasPrefix(e.Locations[0], folder) && len(folder) > longest {
			best, longest = i, len(folder)
		}
	}
	if best < 0 {
		return same
	}
	return []int{best}
}

// folderOf is the folder from which a package of npm is found: the one that
// holds its node_modules.
func (d *document) folderOf(i int) (string, bool) {
	locations := d.packages[i].Locations
	if len(locations) == 0 {
		return "", false
	}
	at := strings.LastIndex(locations[0], "node_modules/")
	if at < 0 {
		return "", false
	}
	return locations[0][:at], true
}

func (d *document) addPrograms() error {
	if !d.options.Symbols {
		return nil
	}
	for i := range d.Programs {
		properties, err := bill.OfProgram(&d.Programs[i])
		if err != nil {
			return err
		}
		d.programs = append(d.programs, program{&d.Programs[i], properties})
	}
	slices.SortStableFunc(d.programs, func(x, y program) int { return cmp.Compare(x.Path, y.Path) })
	return nil
}

// isContainer reports whether the bill is about an image, also by way of another
// bill.
func (d *document) isContainer() bool {
	return d.Form == artifact.Container || d.Form == artifact.Bill && (len(d.Layers) > 0 || d.Digest != "")
}

// hasDate reports whether there is a date at all.
func (d *document) hasDate() bool { return !d.created.IsZero() }

// hasSystem reports whether the operating system is known.
func (d *document) hasSystem() bool { return d.OS.ID != "" || d.OS.Name != "" }
