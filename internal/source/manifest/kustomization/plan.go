package kustomization

import (
	"context"
	"slices"

	"sigs.k8s.io/kustomize/api/types"
)

// Plan says what to build of the kustomizations of a folder.
type Plan struct {
	// Roots are the folders to build: those that no other one builds upon.
	Roots []string
	// Files are the files that the builds read. They are parts of objects, or
	// objects before they are changed, and mean nothing on their own.
	Files map[string]bool
}

// Plan looks at the kustomization files of the folders, given by absolute
// paths, and of those that they build upon.
func (b *Builder) Plan(ctx context.Context, dirs []string) Plan {
	p := planner{ctx: ctx, builder: b, disk: newDisk(b.boundary, b.limits), files: make(map[string]*file), reached: make(map[string]bool)}
	included := make(map[string]bool)
	for _, dir := range dirs {
		for _, below := range p.folders(dir) {
			if below != dir {
				included[below] = true
			}
		}
	}
	plan := Plan{Files: make(map[string]bool)}
	add := func(dir string) {
		plan.Roots = append(plan.Roots, dir)
		p.reach(dir, plan.Files)
	}
	for _, dir := range dirs {
		if !included[dir] && !p.isComponent(dir) {
			add(dir)
		}
	}
	// What is left builds upon each other in a circle, which the library will
	// tell, or is a component that nothing uses.
	for _, dir := range dirs {
		if !p.reached[dir] && !p.isComponent(dir) {
			add(dir)
		}
	}
	slices.Sort(plan.Roots)
	return plan
}

type planner struct {
	ctx     context.Context
	builder *Builder
	disk    *disk
	files   map[string]*file
	reached map[string]bool
}

// file is the kustomization file of a folder; nil if it can't be read, which
// the build will tell.
func (p *planner) file(dir string) *file {
	f, known := p.files[dir]
	if !known {
		f, _ = p.disk.readFile(p.ctx, dir, p.builder.display)
		p.files[dir] = f
	}
	return f
}

func (p *planner) folders(dir string) []string {
	if f := p.file(dir); f != nil {
		return f.folders(p.disk)
	}
	return nil
}

func (p *planner) isComponent(dir string) bool {
	f := p.file(dir)
	return f != nil && f.content.Kind == types.ComponentKind
}

// reach notes the files of a folder and of all that it builds upon.
func (p *planner) reach(dir string, files map[string]bool) {
	f := p.file(dir)
	if p.reached[dir] || f == nil {
		return
	}
	p.reached[dir] = true
	for _, name := range f.files() {
		if real, _, err := p.disk.resolve(name); err == nil && !p.disk.IsDir(real) {
			files[real] = true
		}
	}
	for _, below := range f.folders(p.disk) {
		p.reach(below, files)
	}
}
