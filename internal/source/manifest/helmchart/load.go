package helmchart

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/chart/v2/util"
)

// loaded is a chart with its dependencies, ready to render.
type loaded struct {
	chart *chart.Chart
	files []File
	// missing are dependencies that are wanted but not in the charts folder.
	missing []string
}

// load builds the chart from its files.
func load(files []File, l Limits, values map[string]any) (*loaded, error) {
	files, err := newUnpacker(l).expand(files, 0)
	if err != nil {
		return nil, err
	}
	c, err := loader.LoadFiles(buffered(files))
	if err != nil {
		return nil, err
	}
	sortDependencies(c)
	wanted := wantedDependencies(c, "")
	if err := util.ProcessDependencies(c, values); err != nil {
		return nil, fmt.Errorf("dependencies: %w", err)
	}
	return &loaded{chart: c, files: files, missing: stillWanted(wanted)}, nil
}

// buffered hands the files to the library. The time of a file carries its
// number through the loader, which keeps neither folders nor order: it is how
// a template is found again among the files.
func buffered(files []File) []*archive.BufferedFile {
	all := make([]*archive.BufferedFile, len(files))
	for i, f := range files {
		all[i] = &archive.BufferedFile{Name: f.Name, ModTime: time.Unix(int64(i), 0), Data: f.Data}
	}
	return all
}

// path is where a file of the loaded chart stands.
func (l *loaded) path(f *common.File) string {
	return l.files[f.ModTime.Unix()].Path
}

// sortDependencies undoes the random order in which the loader adds them.
func sortDependencies(c *chart.Chart) {
	deps := slices.Clone(c.Dependencies())
	slices.SortStableFunc(deps, func(a, b *chart.Chart) int {
		return strings.Compare(a.Name()+" "+a.Metadata.Version, b.Name()+" "+b.Metadata.Version)
	})
	c.SetDependencies(deps...)
	for _, d := range deps {
		sortDependencies(d)
	}
}

// wanted is a dependency that the chart names but does not hold.
type wanted struct {
	dependency *chart.Dependency
	text       string
}

func wantedDependencies(c *chart.Chart, parents string) []wanted {
	var all []wanted
	for _, d := range c.Metadata.Dependencies {
		if d != nil && !slices.ContainsFunc(c.Dependencies(), func(have *chart.Chart) bool { return have.Name() == d.Name }) {
			all = append(all, wanted{d, fmt.Sprintf("%s%s %s", parents, d.Name, d.Version)})
		}
	}
	for _, sub := range c.Dependencies() {
		all = append(all, wantedDependencies(sub, parents+sub.Name()+"/")...)
	}
	return all
}

// stillWanted leaves out what the values switch off. The library marks that in
// the dependency itself.
func stillWanted(all []wanted) []string {
	var names []string
	for _, w := range all {
		if w.dependency.Enabled {
			names = append(names, strings.TrimSpace(w.text))
		}
	}
	return names
}

// allTemplates calls f for every template of the chart and its dependencies, once.
func allTemplates(c *chart.Chart, seen map[*common.File]bool, f func(*common.File) error) error {
	for _, t := range c.Templates {
		if t == nil || seen[t] {
			continue
		}
		seen[t] = true
		if err := f(t); err != nil {
			return err
		}
	}
	for _, d := range c.Dependencies() {
		if err := allTemplates(d, seen, f); err != nil {
			return err
		}
	}
	return nil
}
