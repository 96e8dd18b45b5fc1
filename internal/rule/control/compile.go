package control

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// Set is a set of policies compiled together: what two of them have in common
// is compiled once and, for one object, evaluated once. A Set is safe for
// concurrent use by any number of evaluators.
type Set struct {
	envs     *environments
	programs []*Program
	slots    []slot
	slotByID map[string]int
	envByID  map[string]*cel.Env
	exprByID map[string]*expression
	version  [sha256.Size]byte
}

// Version is a hash of all that verdicts depend on besides the object: the
// policies, the settings and the way they are evaluated.
func (s *Set) Version() [sha256.Size]byte { return s.version }

// engineVersion changes when the same policy gives other verdicts or causes.
const engineVersion = 1

func versionOf(library Library, settings Settings) [sha256.Size]byte {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, engineVersion, kubernetesVersion)
	encoder := json.NewEncoder(h)
	for _, part := range []any{library, settings} {
		// Both are plain data, and a hash takes every write.
		_ = encoder.Encode(part)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// slot is a composed variable or a match condition: a text that has one value
// for one object, however many policies contain it.
type slot struct {
	expr     *expression
	scope    []binding // the variables that the text may read
	params   *params
	constant ref.Val // the value, when it does not depend on the object
	size     extent  // of the constant
	object   bool    // reads the object itself, not only other slots
	source   int     // the one slot through which it reads the object, or -1
	// condition: a match condition, for which the API server leaves
	// namespaceObject null.
	condition bool
}

// binding gives a composed variable of a policy its slot.
type binding struct {
	name string // with prefix: "variables.containers"
	slot int
}

// Program is one policy, compiled. A policy that does not compile is a Program
// too: it gives no verdict on anything and says why.
type Program struct {
	*Policy
	index       int
	err         error
	matcher     *matcher
	bindings    []*matcher // of the bindings that come with the policy
	scope       []binding
	conditions  []int
	validations []*expression
	messages    []*expression // nil entries: no messageExpression
	params      *params
	limit       uint64 // cost below which an expression needs no accounting
	// source is the slot of the only variable through which the policy reads
	// the object, or -1. Equal values of it give equal verdicts.
	source int
}

// Err says why the policy gives no verdict at all; nil when it does.
func (p *Program) Err() error { return p.err }

// params are the parameters of a policy: one object, or none.
type params struct {
	value ref.Val
	id    string
}

// Compile compiles all policies of a library. Settings become the ConfigMap
// that our own policies name as their parameters.
func Compile(library Library, settings Settings) (*Set, error) {
	envs, err := newEnvironments()
	if err != nil {
		return nil, err
	}
	s := &Set{
		envs: envs, slotByID: map[string]int{}, envByID: map[string]*cel.Env{},
		exprByID: map[string]*expression{}, version: versionOf(library, settings),
	}
	resolve := paramsResolver(library.Params, settings)
	for i := range library.Policies {
		s.programs = append(s.programs, s.program(&library.Policies[i], i, resolve))
	}
	return s, nil
}

// Programs lists the compiled policies in the order of the library.
func (s *Set) Programs() []*Program { return s.programs }

func (s *Set) program(policy *Policy, index int, resolve func(*Policy) (*params, error)) *Program {
	p := &Program{Policy: policy, index: index, source: -1}
	var err error
	if p.matcher, err = newMatcher(policy.Spec.MatchConstraints); err != nil {
		p.err = fmt.Errorf("matchConstraints: %w", err)
		return p
	}
	for _, b := range policy.Bindings {
		m, err := newMatcher(b.Spec.MatchResources)
		if err != nil {
			p.err = fmt.Errorf("binding %s: %w", b.Name, err)
			return p
		}
		p.bindings = append(p.bindings, m)
	}
	if p.params, err = resolve(policy); err != nil {
		p.err = err
		return p
	}
	c := compiler{set: s, program: p, env: envs(s, p)}
	p.err = errors.Join(c.conditions(), c.variables(), c.validations())
	if p.err == nil {
		p.limit = limitOf(p)
		p.source = s.sourceOf(p)
	}
	return p
}

// envs is the environment in which the expressions of a policy start: with or
// without parameters.
func envs(s *Set, p *Program) *cel.Env {
	if p.params == nil {
		return s.envs.checking
	}
	return s.extend("params", s.envs.checking, cel.Variable(varParams, cel.DynType))
}

// extend adds a declaration to an environment, once for each name of it.
func (s *Set) extend(id string, env *cel.Env, option cel.EnvOption) *cel.Env {
	if known, ok := s.envByID[id]; ok {
		return known
	}
	extended, err := env.Extend(option)
	if err != nil {
		return env // the checker then says that the variable is not declared
	}
	s.envByID[id] = extended
	return extended
}

// compiler compiles one policy.
type compiler struct {
	set     *Set
	program *Program
	env     *cel.Env
	envID   string
}

// conditions compiles the match conditions. They can't read variables.
func (c *compiler) conditions() error {
	c.envID = "base"
	if c.program.params != nil {
		c.envID = "params"
	}
	for _, m := range c.program.Spec.MatchConditions {
		e, err := c.compile(m.Expression, cel.BoolType)
		if err != nil {
			return fmt.Errorf("match condition %s: %w", m.Name, err)
		}
		c.program.conditions = append(c.program.conditions, c.slot(e, true))
	}
	return nil
}

// variables compiles the composed variables in order; each may read those
// before it.
func (c *compiler) variables() error {
	for _, v := range c.program.Spec.Variables {
		e, err := c.compile(v.Expression, nil)
		if err != nil {
			return fmt.Errorf("variable %s: %w", v.Name, err)
		}
		name := varPrefix + v.Name
		c.program.scope = append(c.program.scope, binding{name, c.slot(e, false)})
		typ := e.ast.OutputType()
		c.envID += "\x00" + name + "\x00" + typ.String()
		c.env = c.set.extend(c.envID, c.env, cel.Variable(name, typ))
	}
	return nil
}

func (c *compiler) validations() error {
	p := c.program
	for i, v := range p.Spec.Validations {
		e, err := c.compile(v.Expression, cel.BoolType)
		if err != nil {
			return fmt.Errorf("validation %d: %w", i+1, err)
		}
		var message *expression
		if v.MessageExpression != "" {
			if message, err = c.compile(v.MessageExpression, cel.StringType); err != nil {
				return fmt.Errorf("messageExpression of validation %d: %w", i+1, err)
			}
		}
		p.validations, p.messages = append(p.validations, e), append(p.messages, message)
	}
	return nil
}

// compile compiles a text, or takes it from an earlier policy whose
// environment was the same.
func (c *compiler) compile(text string, want *cel.Type) (*expression, error) {
	id := c.envID + "\x01" + want.String() + "\x01" + text
	if want == nil {
		id = c.envID + "\x01any\x01" + text
	}
	if e, ok := c.set.exprByID[id]; ok {
		return e, nil
	}
	e, err := compile(c.set.envs, c.env, text, want)
	if err == nil {
		c.set.exprByID[id] = e
	}
	return e, err
}

// slot is the place of a shared value: two texts share one when they are the
// same and read the same.
func (c *compiler) slot(e *expression, condition bool) int {
	s, p := c.set, c.program
	id := fmt.Sprint(condition, e.text)
	for _, name := range e.variables {
		id += fmt.Sprintf("\x00%s=%d", name, lookup(p.scope, name))
	}
	if e.reads&readsParams != 0 {
		id += "\x00" + p.params.id
	}
	if known, ok := s.slotByID[id]; ok {
		return known
	}
	s.slots = append(s.slots, slot{expr: e, scope: slices.Clone(p.scope), params: p.params, condition: condition})
	index := len(s.slots) - 1
	s.slotByID[id] = index
	s.classify(index)
	return index
}

// classify finds out what a slot depends on; one that depends on parameters
// alone is evaluated here, once.
func (s *Set) classify(index int) {
	slot := &s.slots[index]
	slot.object = slot.expr.reads&^readsParams != 0
	slot.source = -1
	if !slot.object && !s.walkSource(index, &slot.source) {
		slot.source = -1
	}
	if slot.object {
		return
	}
	for _, name := range slot.expr.variables {
		if s.slots[lookup(slot.scope, name)].constant == nil {
			return
		}
	}
	e := s.NewEvaluator()
	if v := e.slotValue(index); !types.IsError(v) {
		slot.constant, slot.size = v, extentOf(v, 0)
	}
}

// sourceOf finds the one slot through which a policy reads the object, and -1
// if there is none or more than one.
func (s *Set) sourceOf(p *Program) int {
	if len(p.conditions) > 0 || len(p.Bindings) > 0 || !p.matcher.kindsOnly() {
		return -1
	}
	source := -1
	for _, e := range p.validations {
		if e.reads&^readsParams != 0 {
			return -1
		}
		for _, name := range e.variables {
			if !s.walkSource(lookup(p.scope, name), &source) {
				return -1
			}
		}
	}
	return source
}

func (s *Set) walkSource(index int, source *int) bool {
	slot := &s.slots[index]
	if slot.object {
		if *source >= 0 && *source != index {
			return false
		}
		*source = index
		return true
	}
	for _, name := range slot.expr.variables {
		if !s.walkSource(lookup(slot.scope, name), source) {
			return false
		}
	}
	return true
}

// kindsOnly reports whether the matcher looks at nothing but the kind.
func (m *matcher) kindsOnly() bool {
	if m == nil {
		return true
	}
	if !m.object.Empty() || !m.namespace.Empty() || len(m.exclude) > 0 {
		return false
	}
	for _, r := range m.include {
		if len(r.ResourceNames) > 0 {
			return false
		}
	}
	return true
}

func lookup(scope []binding, name string) int {
	for i := len(scope) - 1; i >= 0; i-- {
		if scope[i].name == name {
			return scope[i].slot
		}
	}
	return -1
}

// paramsResolver finds the parameters of a policy: those that its binding
// names, or, for a policy without a binding that asks for a ConfigMap, the
// settings.
func paramsResolver(objects []Param, settings Settings) func(*Policy) (*params, error) {
	own := &params{id: "settings", value: types.DefaultTypeAdapter.NativeToValue(settings.configMap())}
	return func(policy *Policy) (*params, error) {
		kind := policy.Spec.ParamKind
		if kind == nil {
			return nil, nil
		}
		for _, b := range policy.Bindings {
			if b.Spec.ParamRef == nil {
				continue
			}
			for i, o := range objects {
				if o.APIVersion == kind.APIVersion && o.Kind == kind.Kind && o.Name == b.Spec.ParamRef.Name && o.Namespace == b.Spec.ParamRef.Namespace {
					return &params{id: fmt.Sprint(i), value: types.DefaultTypeAdapter.NativeToValue(o.Object)}, nil
				}
			}
			return nil, fmt.Errorf("parameters %s %s are not among the files of the policy", kind.Kind, b.Spec.ParamRef.Name)
		}
		if kind.Kind == "ConfigMap" && kind.APIVersion == "v1" {
			return own, nil
		}
		return nil, fmt.Errorf("parameters of kind %s: no binding names the object to use", kind.Kind)
	}
}

// configMap is the settings as the object that policies read.
func (s Settings) configMap() map[string]any {
	data := make(map[string]any, len(s))
	for name, list := range s {
		data[name] = strings.Join(list, "\n")
	}
	return map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "foil-settings", "namespace": "foil-system"},
		"data":     data,
	}
}

// Index is the place of the policy in its set.
func (p *Program) Index() int { return p.index }

// Source identifies the part of an object through which alone the policy reads
// it, mostly the pod spec; ok is false when the policy reads more than one
// part. Policies with one source and equal values of it have equal verdicts.
func (p *Program) Source() (slot int, ok bool) { return p.source, p.source >= 0 }
