// Package build is the view of the recipes that images are built by: which
// stages the finished image is made of, and what their instructions say.
//
// It reads nodes that source/dockerfile wrote; it judges nothing.
package build

import (
	"iter"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// Dockerfile is the kind of node of a recipe.
const Dockerfile graph.Kind = "dockerfile"

// File is a recipe.
type File struct {
	Node   *graph.Node
	Stages []Stage
}

// Stage is an image that a recipe builds.
type Stage struct {
	graph.Value
	Index int
	Image string // that it is built on; empty for one that is not known, or another stage
	Base  int    // the stage that it is built on, -1 if none
}

// From is the image or stage as it is written.
func (s Stage) From() graph.Value { return s.Get("from") }

// Instruction is one step of a stage.
type Instruction struct {
	graph.Value
	Keyword string
	Text    string
}

// All yields the recipes of a snapshot.
func All(s *graph.Snapshot) iter.Seq[File] {
	return func(yield func(File) bool) {
		for n := range s.OfKind(Dockerfile) {
			if !yield(Of(n)) {
				return
			}
		}
	}
}

// Of is the view of a node.
func Of(n *graph.Node) File {
	f := File{Node: n}
	for i, v := range n.Object.Get("stages").Items() {
		s := Stage{Value: v, Index: i, Image: v.Get("image").Str(), Base: -1}
		if base, ok := v.Get("stage").Int(); ok && base >= 0 && base < int64(i) {
			s.Base = int(base)
		}
		f.Stages = append(f.Stages, s)
	}
	return f
}

// Final are the stages whose instructions make up the finished image, the last
// one first.
func (f File) Final() []Stage {
	var list []Stage
	for i := len(f.Stages) - 1; i >= 0; i = f.Stages[i].Base {
		list = append(list, f.Stages[i])
	}
	return list
}

// External are the stages that are built on an image from elsewhere.
func (f File) External() iter.Seq[Stage] {
	return func(yield func(Stage) bool) {
		for _, s := range f.Stages {
			if s.Base < 0 && s.Image != "scratch" && s.From().Str() != "" && !yield(s) {
				return
			}
		}
	}
}

// Instructions yields the steps of a stage. What ONBUILD keeps for later follows
// it, but for what only says how the image is run.
func (s Stage) Instructions() iter.Seq[Instruction] {
	return func(yield func(Instruction) bool) {
		for _, v := range s.Get("instructions").Items() {
			if !yield(instruction(v)) {
				return
			}
			switch trigger := instruction(v.Get("trigger")); trigger.Keyword {
			case "RUN", "COPY", "ADD", "ENV", "ARG":
				if !yield(trigger) {
					return
				}
			}
		}
	}
}

func instruction(v graph.Value) Instruction {
	return Instruction{v, v.Get("keyword").Str(), v.Get("text").Str()}
}

// Last is the last instruction of a keyword in the finished image.
func (f File) Last(keyword string) (Instruction, bool) {
	for _, s := range f.Final() {
		var last Instruction
		for in := range s.Instructions() {
			if in.Keyword == keyword {
				last = in
			}
		}
		if last.Exists() {
			return last, true
		}
	}
	return Instruction{}, false
}

// Command is the text that a shell runs for an instruction: its line, or what it
// is given as a file.
func (in Instruction) Command() string {
	heredocs := in.Get("heredocs")
	if heredocs.Len() == 0 {
		if exec := in.Get("exec"); exec.Len() > 0 {
			return shellOf(exec)
		}
		return in.Text
	}
	var b strings.Builder
	b.WriteString(in.Text)
	for _, doc := range heredocs.Items() {
		b.WriteString("\n" + doc.Str())
	}
	return b.String()
}

// shellOf is the script of ["sh", "-c", "…"], or the words of a command.
func shellOf(exec graph.Value) string {
	var list []string
	for _, item := range exec.Items() {
		list = append(list, item.Str())
	}
	if len(list) == 3 && list[1] == "-c" {
		return list[2]
	}
	return strings.Join(list, " ")
}

// Flags yields the values of a flag, "mount" or "from".
func (in Instruction) Flags(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, flag := range in.Get("flags").Items() {
			if value, found := strings.CutPrefix(flag.Str(), "--"+name+"="); found && !yield(value) {
				return
			}
		}
	}
}
