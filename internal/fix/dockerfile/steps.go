package dockerfile

import (
	"context"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// placeholder stands for the digest of the image that a value names.
const placeholder = "@{digest}"

// base is what a stage is to be built on.
type base struct {
	from      graph.Value
	reference string // another tag than now; empty to keep it
	pin       bool
	tasks     []*task
}

// splices are the edits of the tasks that are still active. A task whose edit
// can't be made is refused.
func (e *editor) splices(ctx context.Context, tasks []*task) []splice {
	bases, order := map[string]*base{}, []string{}
	var list []splice
	inserted := map[string]bool{}
	for _, t := range tasks {
		if len(t.finding.Fixes) == 0 {
			t.refuse(say("it has no automatic fix; follow the advice of the rule", "没有自动修复；请按规则的建议处理"))
		}
		for _, f := range t.finding.Fixes {
			value, err := strconv.Unquote(f.Value)
			switch {
			case !t.active():
			case err == nil && f.Operation == finding.Set:
				if bases[f.Path] == nil {
					bases[f.Path], order = &base{from: e.from(f.Path)}, append(order, f.Path)
				}
				bases[f.Path].want(t, value)
			case err == nil && f.Operation == finding.Append && !inserted[f.Path+value]:
				inserted[f.Path+value] = true
				list = append(list, e.insert(t, f.Path, value)...)
			case err != nil || f.Operation != finding.Append:
				t.refuse(say("the fix of the rule can't be read", "规则的修复无法读取"))
			}
		}
	}
	for _, path := range order {
		list = append(list, e.rebase(ctx, bases[path])...)
	}
	inOrder(list)
	return list
}

// stage is the stage that a path begins with.
func (e *editor) stage(path string) (stage graph.Value, rest string) {
	number, found := strings.CutPrefix(path, "stages[")
	number, rest, closed := strings.Cut(number, "]")
	index, err := strconv.Atoi(number)
	if !found || !closed || err != nil {
		return graph.Value{}, ""
	}
	return e.node.Object.Get("stages").Item(index), strings.TrimPrefix(rest, ".")
}

func (e *editor) from(path string) graph.Value {
	stage, rest := e.stage(path)
	if rest != "from" {
		return graph.Value{}
	}
	return stage.Get("from")
}

// want adds what a task asks for.
func (b *base) want(t *task, value string) {
	b.tasks = append(b.tasks, t)
	reference, pinned := strings.CutSuffix(value, placeholder)
	b.pin = b.pin || pinned
	if now, _, _ := strings.Cut(b.from.Str(), "@"); reference != now {
		b.reference = reference
	}
}

// rebase is the edit of the image of one stage.
func (e *editor) rebase(ctx context.Context, b *base) []splice {
	refuse := func(reason lang.Text) []splice {
		for _, t := range b.tasks {
			t.refuse(reason)
		}
		return nil
	}
	start, ok := e.offset(b.from)
	if !ok {
		return refuse(say("the line that names the base image is not as it was read", "指定基础镜像的行与读取时不同"))
	}
	now, _, _ := strings.Cut(b.from.Str(), "@")
	reference := now
	if b.reference != "" {
		reference = b.reference
	}
	digest, reason := e.digest(ctx, reference)
	switch {
	case reason.EN == "" && b.pin:
		reference += "@" + digest
	case e.Resolver != nil && reason.EN != "":
		return refuse(reason) // there is no such image
	case b.pin && b.reference != "" && !strings.Contains(b.from.Str(), "@"):
		e.refusePins(b, reason) // the newer tag is a fix without the digest too
	case b.pin:
		return refuse(reason)
	}
	return []splice{{start, start + len(b.from.Str()), reference}}
}

// refusePins refuses the tasks that ask for nothing but the digest.
func (e *editor) refusePins(b *base, reason lang.Text) {
	for _, t := range b.tasks {
		for _, f := range t.finding.Fixes {
			if strings.Contains(f.Value, placeholder) {
				t.refuse(reason)
			}
		}
	}
}

// offset is where a value stands in the file.
func (e *editor) offset(v graph.Value) (int, bool) {
	at := v.Position()
	if at.Line < 1 || v.Str() == "" {
		return 0, false
	}
	start := lineStart(e.before, at.Line) + at.Column - 1
	end := start + len(v.Str())
	return start, end <= len(e.before) && string(e.before[start:end]) == v.Str()
}

// digest looks up what a reference stands for, once.
func (e *editor) digest(ctx context.Context, reference string) (string, lang.Text) {
	if known, ok := e.digests[reference]; ok {
		return known, lang.Text{}
	}
	if e.Resolver == nil {
		return "", say("the digest of %s is not known offline; run it with the network", "离线时无法得知 %s 的摘要；请联网运行", reference)
	}
	digest, err := e.Resolver.Digest(ctx, reference)
	if err != nil {
		return "", say("look up %s: %v", "查询 %s 失败：%v", reference, err)
	}
	if !isDigest(digest) {
		return "", say("the registry names no digest for %s", "镜像仓库未给出 %s 的摘要", reference)
	}
	e.digests[reference] = digest
	return digest, lang.Text{}
}

func isDigest(text string) bool {
	hex, found := strings.CutPrefix(text, "sha256:")
	return found && len(hex) == 64 && strings.Trim(hex, "0123456789abcdef") == ""
}

// insert is the edit that adds an instruction to a stage: before the command
// that the image runs, so that it holds for that and for no step before.
func (e *editor) insert(t *task, path, text string) []splice {
	stage, rest := e.stage(path)
	if rest != "instructions" || !stage.Exists() || strings.ContainsAny(text, "\r\n") {
		t.refuse(say("the fix of the rule can't be read", "规则的修复无法读取"))
		return nil
	}
	end := lineBreak(e.before)
	line := e.insertionLine(stage)
	start := lineStart(e.before, line)
	if start == len(e.before) && start > 0 && e.before[start-1] != '\n' {
		return []splice{{start, start, end + text}}
	}
	return []splice{{start, start, text + end}}
}

// insertionLine is the line before which an instruction is added.
func (e *editor) insertionLine(stage graph.Value) int {
	line := after(stage) // the FROM
	var steps []graph.Value
	for _, in := range stage.Get("instructions").Items() {
		steps, line = append(steps, in), after(in)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		switch steps[i].Get("keyword").Str() {
		case "CMD", "ENTRYPOINT":
			line = e.aboveComments(steps[i].Position().Line)
		case "HEALTHCHECK", "EXPOSE", "LABEL", "STOPSIGNAL", "SHELL":
		default:
			return line
		}
	}
	return line
}

// after is the line behind an instruction.
func after(in graph.Value) int {
	end, _ := in.Get("end").Int()
	return int(end) + 1
}

// aboveComments is the line of the comments that stand right above a line.
func (e *editor) aboveComments(line int) int {
	for line > 1 {
		above := strings.TrimSpace(string(e.before[lineStart(e.before, line-1):lineStart(e.before, line)]))
		if !strings.HasPrefix(above, "#") {
			break
		}
		line--
	}
	return line
}
