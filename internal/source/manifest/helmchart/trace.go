package helmchart

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"

	"helm.sh/helm/v4/pkg/chart/common"
)

// place is a text or an action of a template.
type place struct {
	file         int // number of the file
	line, column int
	text         string // of a text
	// exact is set for text of a file: every byte of it has a column.
	exact bool
	lines []int // where the lines of the text begin, once it was asked for
}

// segment says where the bytes of a printed text come from, from at on to the
// next segment: from place, skip bytes after its beginning.
type segment struct {
	at, place, skip int
}

// printed is the text that one run of a template printed.
type printed struct {
	text     strings.Builder
	segments []segment
	lines    []line // of an included text
}

func (p *printed) add(text string, place, skip int) {
	if text == "" {
		return
	}
	p.segments = append(p.segments, segment{at: p.text.Len(), place: place, skip: skip})
	p.text.WriteString(text)
}

// tracer follows one rendering of a chart by way of the hooks.
type tracer struct {
	budget *budget
	places []place
	stack  []*printed
	inline bool // the next template prints into the current one
	// recent are the latest texts of included templates, which may turn up,
	// indented, in what is printed later.
	recent []*printed
	// files is what each template file printed.
	files map[string]*printed
	at    int // the place that is being run; -1 before the first
}

func newTracer(b *budget) *tracer {
	return &tracer{budget: b, files: make(map[string]*printed), at: -1}
}

func (t *tracer) addPlace(p place) int {
	t.places = append(t.places, p)
	return len(t.places) - 1
}

// hooks are the functions that rewritten templates call.
func (t *tracer) hooks() template.FuncMap {
	return template.FuncMap{
		hookText: t.printText, hookOut: t.printValue, hookAt: t.runAt,
		hookEnter: t.enter, hookExit: t.exit, hookInline: t.callInline, hookInlineNil: t.callInlineNil, hookReturn: t.returned,
		hookStep:  func() (string, error) { return "", t.budget.step() },
		hookWeigh: t.weigh, hookSmall: t.small, hookTpl: t.tpl,
	}
}

func (t *tracer) runAt(place int) (string, error) {
	t.at = place
	return "", t.budget.step()
}

func (t *tracer) printText(place int) (string, error) {
	text := t.places[place].text
	t.stack[len(t.stack)-1].add(text, place, 0)
	return text, t.budget.text(int64(len(text)))
}

func (t *tracer) printValue(place int, v any) (any, error) {
	if err := t.budget.value(v); err != nil {
		return nil, err
	}
	v = addressed(v)
	t.addValue(t.stack[len(t.stack)-1], asPrinted(v), place)
	return v, nil
}

// addressed makes a struct print as it does where the template reads it: by
// the method of its pointer, which is out of reach once it went through a hook.
func addressed(v any) any {
	r := reflect.ValueOf(v)
	if _, own := v.(fmt.Stringer); own || r.Kind() != reflect.Struct {
		return v
	}
	pointer := reflect.New(r.Type())
	if _, prints := pointer.Interface().(fmt.Stringer); !prints {
		return v
	}
	pointer.Elem().Set(r)
	return pointer.Interface()
}

// asPrinted writes a value as package template does.
func asPrinted(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case error, fmt.Stringer:
		return fmt.Sprint(v)
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() {
		return fmt.Sprint(r.Elem().Interface())
	}
	return fmt.Sprint(v)
}

// maxCalls bounds templates that call each other; the engine's own bound lets
// the stack grow to its end.
const maxCalls = 1000

// enter begins a template. That of a file is run with values that name it.
func (t *tracer) enter(dot any) (string, error) {
	if len(t.stack) >= maxCalls {
		t.budget.err = fmt.Errorf("%w: templates call each other more than %d times deep", errBudget, maxCalls)
		return "", t.budget.err
	}
	into := new(printed)
	switch {
	case len(t.stack) == 0:
		t.files[fileName(dot)] = into
	case t.inline:
		into = t.stack[len(t.stack)-1]
	}
	t.inline = false
	t.stack = append(t.stack, into)
	return "", t.budget.step()
}

func (t *tracer) exit() (string, error) {
	done := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	if len(t.stack) == 0 || t.stack[len(t.stack)-1] == done {
		return "", t.budget.step()
	}
	t.remember(done)
	return "", t.budget.text(int64(done.text.Len()))
}

// fileName is the name that the engine gives to the template of a file.
func fileName(dot any) string {
	values, _ := dot.(common.Values)
	info, _ := values["Template"].(common.Values)
	name, _ := info["Name"].(string)
	return name
}

// remember keeps a text for a while.
func (t *tracer) remember(p *printed) {
	const most = 64
	p.lines = linesOf(p.text.String())
	if len(t.recent) == most {
		t.recent = append(t.recent[:0], t.recent[1:]...)
	}
	t.recent = append(t.recent, p)
}

func (t *tracer) callInline(v any) any {
	t.inline = true
	return v
}

func (t *tracer) callInlineNil() string {
	t.inline = true
	return ""
}

func (t *tracer) returned() string {
	t.inline = false
	return ""
}

func (t *tracer) weigh(v any) (any, error) { return v, t.budget.value(v) }

// small lets a text pass if it can't be nested very deep.
func (t *tracer) small(v any) (any, error) {
	const most = 256 << 10
	if s, ok := v.(string); ok && len(s) > most {
		t.budget.err = fmt.Errorf("%w: a text of more than %d bytes is parsed", errBudget, most)
		return nil, t.budget.err
	}
	return v, t.budget.value(v)
}

// tpl rewrites a text that is about to be run as a template. One that can't be
// parsed is left to the engine, which says what is wrong with it.
func (t *tracer) tpl(place int, text any) (any, error) {
	s, ok := text.(string)
	if !ok || !strings.Contains(s, "{{") {
		return text, nil
	}
	rewritten, err := instrumentValue(t, s, place)
	switch {
	case errors.Is(err, errReserved):
		t.budget.err = fmt.Errorf("%w: %w", errBudget, err)
		return nil, t.budget.err
	case err != nil:
		return text, nil //nolint:nilerr // the engine finds the same fault and says where
	}
	return rewritten, t.budget.text(int64(len(rewritten)))
}
