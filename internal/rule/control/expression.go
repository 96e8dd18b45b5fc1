package control

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/interpreter"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/library"
)

// expression is one CEL text, checked. Programs are planned on first use: of
// some hundred controls only those are ever run whose kinds occur.
type expression struct {
	text string
	ast  *cel.Ast
	envs *environments
	env  *cel.Env // in which ast was checked

	variables []string // names of the composed variables that it reads, with prefix
	reads     reads    // what else it reads

	asksKind bool
	fast     lazy[*program]    // without cost accounting
	kinds    variants          // the same for each kind, when asksKind
	tracked  lazy[cel.Program] // with the API server's accounting and limits
	bounds   costBounds

	mu    sync.Mutex
	parts map[int64]*program // of sub-expressions, for explanations
}

// reads is a set of variables of the API.
type reads uint8

const (
	readsObject reads = 1 << iota
	readsOldObject
	readsRequest
	readsNamespace
	readsParams
)

// compile checks a text in an environment that declares the variables in
// scope. The result must have the type that the API server asks for; nil means
// any type.
func compile(envs *environments, env *cel.Env, text string, want *cel.Type) (*expression, error) {
	ast, issues := env.Compile(text)
	if err := issues.Err(); err != nil {
		return nil, fmt.Errorf("expression %q does not compile: %w", oneLine(text), err)
	}
	if got := ast.OutputType(); want != nil && !got.IsExactType(want) {
		return nil, fmt.Errorf("expression %q gives %s, must give %s", oneLine(text), got, want)
	}
	e := &expression{text: text, ast: ast, envs: envs, env: env}
	e.findReads()
	e.findKindQuestions()
	return e, nil
}

// oneLine shortens an expression for messages.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 120 {
		return text[:117] + "..."
	}
	return text
}

func (e *expression) findReads() {
	roots := map[string]reads{
		varObject: readsObject, varOldObject: readsOldObject, varRequest: readsRequest,
		varNamespace: readsNamespace, varParams: readsParams,
	}
	for _, ref := range e.ast.NativeRep().ReferenceMap() {
		if strings.HasPrefix(ref.Name, varPrefix) && !slices.Contains(e.variables, ref.Name) {
			e.variables = append(e.variables, ref.Name)
		}
		e.reads |= roots[ref.Name]
	}
	slices.Sort(e.variables)
}

// lazy plans a program once.
type lazy[P any] struct {
	once    sync.Once
	program P
	err     error
}

func (l *lazy[P]) get(plan func() (P, error)) (P, error) {
	l.once.Do(func() { l.program, l.err = plan() })
	return l.program, l.err
}

func (e *expression) trackedProgram() (cel.Program, error) {
	return e.tracked.get(func() (cel.Program, error) {
		return e.envs.running.Program(e.ast,
			cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost),
			cel.CostLimit(celconfig.PerCallLimit),
			cel.CostTracking(&library.CostEstimator{}),
			cel.CostTrackerOptions(interpreter.PresenceTestHasCost(false)),
		)
	})
}

// part is the program of a sub-expression. Its free variables are those of the
// expression and of the comprehensions around it.
func (e *expression) part(sub celast.Expr) (*program, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p, ok := e.parts[sub.ID()]; ok {
		return p, nil
	}
	whole := e.ast.NativeRep()
	parsed := celast.NewAST(sub, whole.SourceInfo())
	p, err := e.envs.planner.planOnce(celast.NewCheckedAST(parsed, whole.TypeMap(), whole.ReferenceMap()))
	if err != nil {
		return nil, err
	}
	if e.parts == nil {
		e.parts = map[int64]*program{}
	}
	e.parts[sub.ID()] = p
	return p, nil
}
