package manifest

import (
	"context"
	"path/filepath"

	"github.com/foilsec/foil/internal/source/manifest/kustomization"
	"github.com/foilsec/foil/internal/source/manifest/tree"
)

// planKustomizations plans the builds of a folder and notes the files that
// they read, which are not scanned on their own.
func (s *Source) planKustomizations(ctx context.Context, p *plan, t *tree.Tree, dirs []string) error {
	if len(dirs) == 0 {
		return nil
	}
	boundary, err := tree.Open(boundaryOf(t.Real(), dirs))
	if err != nil {
		return err
	}
	p.trees = append(p.trees, boundary)
	builder := kustomization.NewBuilder(boundary, s.options.Limits.Kustomization, func(path string) string { return displayFrom(t, path) })
	var absolute []string
	for _, dir := range dirs {
		absolute = append(absolute, filepath.Join(t.Real(), filepath.FromSlash(dir)))
	}
	plan := builder.Plan(ctx, absolute)
	for file := range plan.Files {
		p.files[file] = true
	}
	for _, root := range plan.Roots {
		if !p.first(root) {
			continue
		}
		p.tasks = append(p.tasks, func(ctx context.Context) batch { return asBatch(displayFrom(t, root), builder.Build(ctx, root)) })
	}
	return nil
}

// boundaryOf is the folder beyond which builds read nothing: the git work tree
// around the scanned folder. Without one it is the scanned folder, unless that
// is a Kustomize root itself: users who name an overlay mean it with its
// bases, which lie beside or above it, as for kubectl.
func boundaryOf(real string, dirs []string) string {
	if top, found := tree.WorkTree(real); found {
		return top
	}
	if dirs[0] != "." {
		return real
	}
	return filepath.VolumeName(real) + string(filepath.Separator)
}

// displayFrom is the path by which users are told of a file that may lie
// outside of the scanned folder.
func displayFrom(t *tree.Tree, path string) string {
	rel, err := filepath.Rel(t.Real(), path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return t.Display(rel)
}
