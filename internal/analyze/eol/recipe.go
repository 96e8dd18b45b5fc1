package eol

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// recipe looks at the images that a Dockerfile builds on. The fix names the same
// variant of the next supported cycle, where the file says the version itself.
func (r *run) recipe(f build.File) *sightings {
	s := &sightings{}
	for stage := range f.External() {
		repository, tag, _ := artifact.Split(stage.Image)
		list, err := r.db.ByTag(repository, tag)
		if r.failed(err) {
			return s
		}
		fixes := r.newerBase(stage)
		for _, m := range list {
			known := s.add(m, sighting{node: f.Node.ID, evidence: []finding.Evidence{from(stage)}, remedy: newerBase(f)})
			known.fixes = append(known.fixes, fixes...)
		}
	}
	return s
}

// newerBase is the edit of the line that names the image of a stage.
func (r *run) newerBase(stage build.Stage) []finding.Fix {
	written := stage.From().Str()
	if written != stage.Image {
		return nil // a build argument says it
	}
	repository, tag, digest := artifact.Split(written)
	newer, ok, err := r.db.NewerTag(repository, tag, r.today)
	if r.failed(err) || !ok {
		return nil
	}
	name, _, _ := strings.Cut(written, "@")
	value := strings.TrimSuffix(name, ":"+tag) + ":" + newer
	if digest != "" {
		value += "@{digest}"
	}
	return []finding.Fix{{Operation: finding.Set, Path: fromPath(stage), Value: fmt.Sprintf("%q", value)}}
}

func newerBase(f build.File) *remedy {
	return &remedy{"update-base-image", f.Node.ID, lang.Text{
		EN: "Build " + f.Node.Name + " on a newer base image (from {from} to {to})",
		ZH: "让 " + f.Node.Name + " 基于较新的基础镜像构建（从 {from} 到 {to}）",
	}}
}

func from(stage build.Stage) finding.Evidence {
	v := stage.From()
	return finding.Evidence{Path: fromPath(stage), Value: v.Str(), Position: v.Position()}
}

func fromPath(stage build.Stage) string { return fmt.Sprintf("stages[%d].from", stage.Index) }
