package manifest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/tree"
)

// StdinPath is the path that stands for standard input; StdinName is the file
// that its positions name.
const (
	StdinPath = "-"
	StdinName = "stdin"
)

// plan is what there is to read.
type plan struct {
	tasks []task
	gaps  []graph.Gap
	trees []*tree.Tree
	// files are those planned already, by their real path: a file that two
	// paths lead to is read once.
	files map[string]bool
}

func (p *plan) close() {
	for _, t := range p.trees {
		_ = t.Close()
	}
}

// plan looks at each path of the options.
func (s *Source) plan(ctx context.Context) (*plan, error) {
	p := &plan{files: make(map[string]bool)}
	var missing []error
	for _, path := range s.options.Paths {
		err := s.planPath(ctx, p, path)
		switch {
		case ctx.Err() != nil:
			return p, ctx.Err()
		case err != nil:
			missing = append(missing, err)
			p.gaps = append(p.gaps, graph.Gap{Subject: path, Reason: err.Error()})
		}
	}
	if len(missing) == len(s.options.Paths) {
		return p, errors.Join(append(missing, errNothing)...)
	}
	return p, nil
}

var errNothing = errors.New("nothing to scan: give the path of a file or folder, or - for standard input")

func (s *Source) planPath(ctx context.Context, p *plan, path string) error {
	if path == StdinPath {
		return s.planStdin(p)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s does not exist", path)
	}
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return s.planFolder(ctx, p, path)
	case filepath.Base(path) == tree.ChartFile, tree.IsKustomizationName(filepath.Base(path)):
		// These files stand for their folder, and mean nothing on their own.
		return s.planFolder(ctx, p, filepath.Dir(path))
	}
	return s.planFile(p, path)
}

func (s *Source) planStdin(p *plan) error {
	if s.options.Stdin == nil {
		return errors.New("standard input is not connected")
	}
	p.tasks = append(p.tasks, func(ctx context.Context) batch {
		return s.reader.stream(ctx, s.options.Stdin, StdinName, true)
	})
	return nil
}

// planFile plans a file that the user named.
func (s *Source) planFile(p *plan, path string) error {
	if p.first(path) {
		p.tasks = append(p.tasks, func(ctx context.Context) batch { return s.named(ctx, path) })
	}
	return nil
}

// first reports whether a path leads to a file that is not planned yet.
func (p *plan) first(path string) bool {
	real, err := filepath.Abs(path)
	if err == nil {
		if resolved, err := filepath.EvalSymlinks(real); err == nil {
			real = resolved
		}
	}
	seen := p.files[real]
	p.files[real] = true
	return !seen
}

func (s *Source) planFolder(ctx context.Context, p *plan, path string) error {
	t, err := tree.Open(path)
	if err != nil {
		return err
	}
	p.trees = append(p.trees, t)
	found, err := t.Find(ctx)
	if err != nil {
		return err
	}
	p.gaps = append(p.gaps, found.Gaps...)
	if err := s.planKustomizations(ctx, p, t, found.Kustomizations); err != nil {
		return err
	}
	s.planTasks(p, t, found.Files, s.reader.fromTree)
	s.planTasks(p, t, found.Charts, s.charts.folder)
	s.planTasks(p, t, found.Archives, s.charts.fromTree)
	return nil
}

// planTasks plans the reading of files or folders of a tree.
func (s *Source) planTasks(p *plan, t *tree.Tree, names []string, read func(context.Context, *tree.Tree, string) batch) {
	for _, rel := range names {
		if p.first(filepath.Join(t.Real(), filepath.FromSlash(rel))) {
			p.tasks = append(p.tasks, func(ctx context.Context) batch { return read(ctx, t, rel) })
		}
	}
}
