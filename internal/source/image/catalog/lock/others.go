package lock

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

func pipfileLock(f *catalog.File, emit emit) error {
	var file map[string]map[string]struct {
		Version string `json:"version"`
	}
	var loose map[string]any // the head has another form than the sections
	if err := decode(f, &loose); err != nil {
		return err
	}
	delete(loose, "_meta")
	if err := convert(loose, &file); err != nil {
		return err
	}
	for _, section := range file {
		for name, p := range section {
			emit(name, strings.TrimPrefix(p.Version, "=="))
		}
	}
	return nil
}

func composerLock(f *catalog.File, emit emit) error {
	type list []struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	var file struct {
		Packages    list `json:"packages"`
		Development list `json:"packages-dev"`
	}
	if err := decode(f, &file); err != nil {
		return err
	}
	for _, p := range append(file.Packages, file.Development...) {
		emit(p.Name, p.Version)
	}
	return nil
}

func nugetLock(f *catalog.File, emit emit) error {
	var file struct {
		Dependencies map[string]map[string]struct {
			Resolved string `json:"resolved"`
		} `json:"dependencies"`
	}
	if err := decode(f, &file); err != nil {
		return err
	}
	for _, framework := range file.Dependencies {
		for name, p := range framework {
			emit(name, p.Resolved)
		}
	}
	return nil
}

// conanLock reads "zlib/1.3.1#revision%time", in lists since version 2 and in a
// graph before.
func conanLock(f *catalog.File, emit emit) error {
	var file struct {
		Requires []string `json:"requires"`
		Build    []string `json:"build_requires"`
		Graph    struct {
			Nodes map[string]struct {
				Reference string `json:"ref"`
			} `json:"nodes"`
		} `json:"graph_lock"`
	}
	if err := decode(f, &file); err != nil {
		return err
	}
	references := append(file.Requires, file.Build...)
	for _, n := range file.Graph.Nodes {
		references = append(references, n.Reference)
	}
	for _, r := range references {
		r, _, _ = strings.Cut(r, "#")
		r, _, _ = strings.Cut(r, "@")
		name, version, _ := strings.Cut(r, "/")
		emit(name, version)
	}
	return nil
}

func renvLock(f *catalog.File, emit emit) error {
	var file struct {
		Packages map[string]struct {
			Package, Version, Source string
		}
	}
	if err := decode(f, &file); err != nil {
		return err
	}
	for _, p := range file.Packages {
		if p.Source == "" || p.Source == "Repository" {
			emit(p.Package, p.Version)
		}
	}
	return nil
}

// gradleVerification reads the components in Gradle's list of check sums.
func gradleVerification(f *catalog.File, emit emit) error {
	d := xml.NewDecoder(io.NewSectionReader(f.Content, 0, f.Size))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errForm, err)
		}
		start, is := token.(xml.StartElement)
		if !is || start.Name.Local != "component" {
			continue
		}
		value := map[string]string{}
		for _, a := range start.Attr {
			value[a.Name.Local] = a.Value
		}
		if value["group"] != "" && value["name"] != "" {
			emit(value["group"]+":"+value["name"], value["version"])
		}
	}
}
