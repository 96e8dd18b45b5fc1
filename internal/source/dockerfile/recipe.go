package dockerfile

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds of one file. Real ones are far below.
const (
	maxBytes        = 1 << 20
	maxInstructions = 2_000
	maxInstruction  = 64 << 10 // bytes of one, with its here-documents
)

// recipe is a file as it was read.
type recipe struct {
	arguments []pair // before the first FROM
	origin    []*instruction
	stages    []*stage
}

// stage is one image that is built.
type stage struct {
	name     string
	from     *instruction
	word     word   // the image or stage as written
	image    string // with arguments filled in; empty when it can't be known or is a stage
	base     int    // the stage that it is built on, -1 if none
	platform string
	steps    []*instruction
}

// errNoFrom says that a file is no recipe.
var errNoFrom = errors.New("it has no FROM instruction")

// parse reads a file.
func parse(data []byte) (*recipe, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("it is larger than %d KiB", maxBytes>>10)
	}
	l := newLines(string(data))
	r, known := &recipe{}, platform()
	for count := 0; ; count++ {
		line, ok := l.read()
		if !ok {
			break
		}
		if count == maxInstructions {
			return nil, fmt.Errorf("it has more than %d instructions", maxInstructions)
		}
		if line.size() > maxInstruction {
			return nil, fmt.Errorf("the instruction on line %d is longer than %d KiB", line.parts[0].line, maxInstruction>>10)
		}
		r.add(newInstruction(line, l.escape), known, l.escape)
	}
	if len(r.stages) == 0 {
		return nil, errNoFrom
	}
	return r, nil
}

// platform are the arguments that every build has.
func platform() variables {
	return variables{
		"TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETARCH": "amd64", "TARGETVARIANT": "",
		"BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDARCH": "amd64", "BUILDVARIANT": "",
	}
}

func (r *recipe) add(in *instruction, known variables, escape byte) {
	switch {
	case in.keyword == "FROM":
		r.begin(in, known, escape)
	case len(r.stages) > 0:
		last := r.stages[len(r.stages)-1]
		last.steps = append(last.steps, in)
	case in.keyword == "ARG":
		for _, p := range in.pairs {
			if value, ok := known.expand(p.value); p.set && ok {
				known[p.name] = value
			}
			r.arguments, r.origin = append(r.arguments, p), append(r.origin, in)
		}
	}
}

// begin starts a stage.
func (r *recipe) begin(in *instruction, known variables, escape byte) {
	s := &stage{from: in, base: -1}
	list := words(in.text, in.arguments, escape)
	if len(list) > 0 {
		s.word = list[0]
		s.image, _ = known.expand(list[0].text)
	}
	if len(list) >= 3 && strings.EqualFold(list[1].text, "as") {
		s.name = list[2].text
	}
	for _, flag := range in.flags {
		if value, found := strings.CutPrefix(flag.text, "--platform="); found {
			s.platform, _ = known.expand(value)
		}
	}
	for i, earlier := range r.stages {
		if earlier.name != "" && strings.EqualFold(earlier.name, s.image) {
			s.base = i
		}
	}
	if s.base >= 0 {
		s.image = ""
	}
	r.stages = append(r.stages, s)
}
