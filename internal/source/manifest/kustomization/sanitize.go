package kustomization

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// sanitizer rewrites the files that a build reads.
type sanitizer struct {
	ctx     context.Context
	disk    *disk
	root    string // folder that is built
	display func(string) string
	// files are the kustomization files that the build read, by path.
	files map[string]*file
	order []string
	// documents are what the other files hold, by path.
	documents map[string][]*graph.Document
	gaps      []graph.Gap
	refusal   error
}

// rewrite is the hook of the disk. The library takes a file that it is refused
// for one that does not exist, so the first refusal is kept: it is why a build
// fails, whatever the library says.
func (s *sanitizer) rewrite(name string, content []byte) ([]byte, error) {
	clean, err := s.rewritten(name, content)
	if err != nil && s.refusal == nil {
		s.refusal = err
	}
	return clean, err
}

func (s *sanitizer) rewritten(name string, content []byte) ([]byte, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	if slices.Contains(konfig.RecognizedKustomizationFileNames(), filepath.Base(name)) {
		return s.kustomization(name, content)
	}
	return content, s.check(name, content)
}

// check reads what may be objects, for the positions of their fields, and
// refuses what the library must not see: alias bombs, which it expands, and
// settings of plugins that make it fetch.
func (s *sanitizer) check(name string, content []byte) error {
	if s.documents[name] != nil {
		return nil
	}
	result := s.decode(content, s.display(name))
	s.documents[name] = result.Documents
	if result.OverLimit {
		gap := result.Gaps[len(result.Gaps)-1]
		return &placedError{gap.Position, gap.Reason}
	}
	return refuseFetching(result.Documents)
}

func (s *sanitizer) decode(content []byte, display string) yamldoc.Result {
	decoder := yamldoc.NewDecoder(yamldoc.Options{Limits: yamldoc.Limits{Nodes: s.disk.limits.Nodes}, Workers: 1})
	return decoder.Decode(s.ctx, bytes.NewReader(content), display)
}

// refuseFetching refuses settings of the library's own plugins that name a
// URL. Others are not run at all.
func refuseFetching(docs []*graph.Document) error {
	for _, d := range docs {
		if d.Root().Get("apiVersion").Str() == "builtin" && namesURL(d.Root()) {
			return &placedError{d.Root().Position(), "settings of a plugin that name a URL; nothing is fetched"}
		}
	}
	return nil
}

func namesURL(v graph.Value) bool {
	if strings.Contains(v.Str(), "://") {
		return true
	}
	for _, field := range v.Fields() {
		if namesURL(field) {
			return true
		}
	}
	for _, item := range v.Items() {
		if namesURL(item) {
			return true
		}
	}
	return false
}

func (s *sanitizer) kustomization(name string, content []byte) ([]byte, error) {
	f, err := parse(s.ctx, name, s.display(name), content, s.disk.limits)
	if err != nil {
		return nil, err
	}
	first := s.files[name] == nil
	if first {
		s.files[name] = f
		s.order = append(s.order, name)
	}
	clean := f.content
	gaps := len(s.gaps)
	s.clean(f, &clean)
	if !first {
		s.gaps = s.gaps[:gaps]
	}
	if err := refuse(f, &clean); err != nil {
		return nil, err
	}
	for _, inline := range slices.Concat(clean.Generators, clean.Transformers, clean.Validators) {
		if err := refuseFetching(s.decode([]byte(inline), f.fields.Position().File).Documents); err != nil {
			return nil, err
		}
	}
	if f.dir == s.root {
		clean.BuildMetadata = append(slices.Clone(clean.BuildMetadata), types.OriginAnnotations)
	}
	return yaml.Marshal(clean)
}

// clean takes out what a build must not reach for.
func (s *sanitizer) clean(f *file, k *types.Kustomization) {
	k.Resources = s.local(f, "resources", k.Resources, "bases")
	k.Components = s.local(f, "components", k.Components)
	k.Generators = s.local(f, "generators", k.Generators)
	k.Transformers = s.local(f, "transformers", k.Transformers)
	k.Validators = s.local(f, "validators", k.Validators)
	for _, key := range []string{"helmCharts", "helmChartInflationGenerator"} {
		if charts := f.fields.Get(key); charts.Exists() {
			s.gap(charts, "charts in a kustomization are not rendered, because Kustomize does it by starting helm; scan the chart by its own path")
		}
	}
	k.HelmCharts, k.HelmChartInflationGenerator, k.HelmGlobals = nil, nil, nil
}

// local keeps the entries of a list that are files or folders of the disk, or
// objects written into the file itself.
func (s *sanitizer) local(f *file, key string, entries []string, oldKeys ...string) []string {
	var kept []string
	for _, entry := range entries {
		switch path := f.join(entry); {
		case isInline(entry) && key != "resources" && key != "components":
			kept = append(kept, entry)
		case path != "" && s.disk.Exists(path):
			// A plain name such as github.com/a/b would be taken for a
			// repository even if there is a folder of that name.
			kept = append(kept, "./"+filepath.ToSlash(entry))
		default:
			s.gap(s.entry(f, entry, append(oldKeys, key)), s.missing(f, key, entry))
		}
	}
	return kept
}

func (s *sanitizer) missing(f *file, key, entry string) string {
	const rest = "; the rest was built"
	path := f.join(entry)
	if path == "" {
		return fmt.Sprintf("%s: %q is remote, and nothing is fetched; check it out and scan it there%s", key, shorten(entry), rest)
	}
	if _, _, err := s.disk.resolve(path); err != nil && !isNotExist(err) {
		return fmt.Sprintf("%s: %q %v%s", key, shorten(entry), err, rest)
	}
	return fmt.Sprintf("%s: %q does not exist%s", key, shorten(entry), rest)
}

// entry finds an entry of a list of the file.
func (s *sanitizer) entry(f *file, entry string, keys []string) graph.Value {
	for _, key := range keys {
		for _, item := range f.fields.Get(key).Items() {
			if item.Str() == entry {
				return item
			}
		}
	}
	return f.fields
}

func (s *sanitizer) gap(at graph.Value, why string) {
	p := at.Position()
	s.gaps = append(s.gaps, graph.Gap{Subject: p.File, Position: p, Reason: why})
}

// refuse ends a build that would fetch a file which is part of something
// bigger: a patch or a generator is wrong without it.
func refuse(f *file, k *types.Kustomization) error {
	var names []string
	names = append(names, k.Crds...)
	names = append(names, k.Configurations...)
	names = append(names, k.OpenAPI["path"])
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
	for _, name := range names {
		if strings.Contains(name, "://") {
			return &placedError{f.fields.Position(), fmt.Sprintf("%q is remote, and nothing is fetched; check it out and refer to it by its path", shorten(name))}
		}
	}
	return nil
}

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func shorten(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
