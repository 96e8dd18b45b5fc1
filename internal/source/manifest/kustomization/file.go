package kustomization

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// file is one kustomization file as it was read.
type file struct {
	path    string // of the file
	dir     string
	content types.Kustomization
	// fields are the same with positions.
	fields graph.Value
}

var errNoFile = errors.New("no kustomization file")

// readFile reads the kustomization file of a folder. The name that positions
// carry is made by display.
func (d *disk) readFile(ctx context.Context, dir string, display func(string) string) (*file, error) {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		path := filepath.Join(dir, name)
		if !d.Exists(path) {
			continue
		}
		content, err := d.raw(path)
		if err != nil {
			return nil, err
		}
		return parse(ctx, path, display(path), content, d.limits)
	}
	return nil, fmt.Errorf("%s: %w", display(dir), errNoFile)
}

func parse(ctx context.Context, path, display string, content []byte, l Limits) (*file, error) {
	docs, gaps := yamldoc.DecodeBytes(ctx, content, display, yamldoc.Limits{Nodes: l.Nodes})
	switch {
	case len(gaps) > 0:
		return nil, &placedError{gaps[0].Position, gaps[0].Reason}
	case len(docs) != 1:
		return nil, fmt.Errorf("%s: %d documents where one is needed", display, len(docs))
	}
	f := &file{path: path, dir: filepath.Dir(path), fields: docs[0].Root()}
	if err := f.content.Unmarshal(content); err != nil {
		return nil, &placedError{f.fields.Position(), "not a kustomization file: " + err.Error()}
	}
	modernize(&f.content)
	return f, nil
}

// placedError is an error with its place.
type placedError struct {
	position graph.Position
	reason   string
}

func (e *placedError) Error() string { return e.reason }

// modernize moves old fields to those that took their place. The library does
// the same, but talks about it on standard error.
func modernize(k *types.Kustomization) {
	k.FixKustomization()
	for _, p := range k.PatchesStrategicMerge {
		patch := types.Patch{Path: string(p)}
		if strings.ContainsAny(string(p), "\n{") {
			patch = types.Patch{Patch: string(p)}
		}
		k.Patches = append(k.Patches, patch)
	}
	k.Patches = append(k.Patches, k.PatchesJson6902...)
	k.PatchesStrategicMerge, k.PatchesJson6902 = nil, nil
	if len(k.CommonLabels) > 0 {
		k.Labels = append(k.Labels, types.Label{Pairs: k.CommonLabels, IncludeSelectors: true, IncludeTemplates: true})
		k.CommonLabels = nil
	}
}

// folders are the folders that the file builds upon.
func (f *file) folders(d *disk) []string {
	var all []string
	for _, name := range slices.Concat(f.content.Resources, f.content.Components, f.content.Generators, f.content.Transformers, f.content.Validators) {
		if path := f.join(name); path != "" && d.IsDir(path) {
			if real, _, err := d.resolve(path); err == nil {
				all = append(all, real)
			}
		}
	}
	return all
}

// files are the files that the file reads.
func (f *file) files() []string {
	k := &f.content
	names := slices.Concat(k.Resources, k.Generators, k.Transformers, k.Validators, k.Crds, k.Configurations, []string{k.OpenAPI["path"]})
	for _, p := range k.Patches {
		names = append(names, p.Path)
	}
	for _, r := range k.Replacements {
		names = append(names, r.Path)
	}
	for _, g := range k.ConfigMapGenerator {
		names = append(names, sourceFiles(g.KvPairSources)...)
	}
	for _, g := range k.SecretGenerator {
		names = append(names, sourceFiles(g.KvPairSources)...)
	}
	var all []string
	for _, name := range names {
		if path := f.join(name); path != "" {
			all = append(all, path)
		}
	}
	return all
}

func sourceFiles(s types.KvPairSources) []string {
	names := slices.Clone(s.EnvSources)
	for _, name := range s.FileSources {
		if _, path, found := strings.Cut(name, "="); found {
			name = path
		}
		names = append(names, name)
	}
	return names
}

// join is the path that a name in the file stands for, empty if it is none but
// a text of several lines or something remote.
func (f *file) join(name string) string {
	if name == "" || isInline(name) || isRemote(name) || filepath.IsAbs(name) {
		return ""
	}
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

func isInline(name string) bool { return strings.ContainsAny(name, "\n{") }

// isRemote reports whether a name may be one that the library would fetch. No
// path of a file needs these characters, so it may err on the safe side.
func isRemote(name string) bool {
	return strings.ContainsAny(name, ":?") || strings.HasPrefix(name, "git@") || strings.HasPrefix(name, "github.com/")
}
