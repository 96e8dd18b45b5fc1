package manifest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"helm.sh/helm/v4/pkg/ignore"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/helmchart"
	"github.com/foilsec/foil/internal/source/manifest/tree"
)

// charts renders Helm charts.
type charts struct{ renderer *helmchart.Renderer }

// folder renders the chart in a folder of a tree.
func (c *charts) folder(ctx context.Context, t *tree.Tree, dir string) batch {
	where := t.Display(dir)
	files, gaps, err := chartFiles(ctx, t, dir, c.renderer.Limits())
	if err != nil {
		return failed(where, fmt.Sprintf("the chart can't be read: %v", err))
	}
	b := c.render(ctx, files, where)
	b.gaps = append(gaps, b.gaps...)
	return b
}

func (c *charts) render(ctx context.Context, files []helmchart.File, where string) batch {
	b := asBatch(where, c.renderer.Render(ctx, files, where))
	b.namespace = c.renderer.Namespace()
	return b
}

// fromTree renders a packaged chart of a tree.
func (c *charts) fromTree(ctx context.Context, t *tree.Tree, rel string) batch {
	f, err := t.OpenFile(rel)
	if err != nil {
		return failed(t.Display(rel), fmt.Sprintf("can't be opened: %v", err))
	}
	defer func() { _ = f.Close() }()
	return c.archive(ctx, f, t.Display(rel), false)
}

// archive renders a packaged chart. An archive of something else is no
// mistake unless the user named it.
func (c *charts) archive(ctx context.Context, f *os.File, name string, explicit bool) batch {
	files, err := helmchart.Unpack(f, name, c.renderer.Limits())
	switch {
	case errors.Is(err, helmchart.ErrNoChart) && !explicit:
		return batch{origin: name, others: 1}
	case err != nil:
		return failed(name, fmt.Sprintf("the chart can't be read: %v", err))
	}
	return c.render(ctx, files, name)
}

// chartFiles reads the files of a chart, as Helm does: without those that
// .helmignore leaves out.
func chartFiles(ctx context.Context, t *tree.Tree, dir string, limits helmchart.Limits) ([]helmchart.File, []graph.Gap, error) {
	rules, err := helmIgnore(t, dir)
	if err != nil {
		return nil, nil, err
	}
	var files []helmchart.File
	room := limits.ChartBytes
	gaps, err := t.Below(ctx, dir, func(rel string, info fs.FileInfo) error {
		name := strings.TrimPrefix(rel, dir+"/")
		if rules.Ignore(name, info) || path.Base(rel) == ".git" {
			if info.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if info.IsDir() {
			return nil
		}
		if len(files) >= limits.ChartFiles || info.Size() > room {
			return fmt.Errorf("more than %d files or %d bytes; leave out by .helmignore what is no part of the chart", limits.ChartFiles, limits.ChartBytes)
		}
		data, err := t.ReadFile(rel, room)
		if err != nil {
			return fmt.Errorf("%s: %w", rel, err)
		}
		room -= int64(len(data))
		files = append(files, helmchart.File{Name: name, Path: t.Display(rel), Data: bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))})
		return nil
	})
	return files, gaps, err
}

func helmIgnore(t *tree.Tree, dir string) (*ignore.Rules, error) {
	const most = 1 << 20
	rules := ignore.Empty()
	text, err := t.ReadFile(path.Join(dir, ignore.HelmIgnore), most)
	if err == nil {
		rules, err = ignore.Parse(bytes.NewReader(text))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", ignore.HelmIgnore, err)
	}
	rules.AddDefaults()
	return rules, nil
}
