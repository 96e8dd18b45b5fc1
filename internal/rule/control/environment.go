package control

import (
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/decls"
	"github.com/google/cel-go/common/env"
	"github.com/google/cel-go/ext"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

// The variables of a ValidatingAdmissionPolicy. The authorizer is not offered:
// no authorizer exists outside an API server, so a policy that asks for one
// does not compile and is reported as not evaluated.
const (
	varObject    = "object"
	varOldObject = "oldObject"
	varRequest   = "request"
	varNamespace = "namespaceObject"
	varParams    = "params"
	varPrefix    = "variables."
)

// kubernetesVersion fixes the CEL libraries: those that an API server of this
// version offers to stored expressions.
var kubernetesVersion = version.MajorMinor(1, 36)

// environments are the two faces of the CEL environment. The checking one is
// the API server's own, with its cost accounting. The running one has the same
// functions without accounting: it evaluates about four times faster, and is
// used where an estimate proves that the limits can't be reached.
type environments struct {
	checking *cel.Env
	running  *cel.Env
	planner  *planner // of running
}

func newEnvironments() (*environments, error) {
	base, err := environment.MustBaseEnvSet(kubernetesVersion).Env(environment.StoredExpressions)
	if err != nil {
		return nil, fmt.Errorf("prepare the CEL environment: %w", err)
	}
	checking, err := base.Extend(
		cel.Variable(varObject, cel.DynType),
		cel.Variable(varOldObject, cel.DynType),
		cel.Variable(varRequest, cel.DynType),
		cel.Variable(varNamespace, cel.DynType),
	)
	if err != nil {
		return nil, fmt.Errorf("prepare the CEL environment: %w", err)
	}
	running, err := newRunningEnv()
	if err != nil {
		return nil, fmt.Errorf("prepare the CEL run-time environment: %w", err)
	}
	planner, err := newPlanner(running)
	if err != nil {
		return nil, err
	}
	return &environments{checking: checking, running: running, planner: planner}, nil
}

// newRunningEnv lists the libraries of the API server's environment; a test
// holds that no function is missing. The regular expression function is
// replaced by one that keeps compiled patterns, since patterns from settings
// are not constants that CEL could compile beforehand.
func newRunningEnv() (*cel.Env, error) {
	withoutMatches := env.NewLibrarySubset().AddExcludedFunctions(env.NewFunction("matches"))
	return cel.NewCustomEnv(
		cel.StdLib(cel.StdLibSubset(withoutMatches)),
		cachedMatches(),
		cel.HomogeneousAggregateLiterals(),
		cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true),
		cel.OptionalTypes(),
		library.URLs(), library.Regex(), library.Lists(library.ListsVersion(1)), library.Authz(),
		library.Quantity(), library.IP(), library.CIDR(), library.Format(), library.AuthzSelectors(),
		library.SemverLib(library.SemverVersion(1)),
		ext.Strings(ext.StringsVersion(2)), ext.Sets(), ext.TwoVarComprehensions(), ext.Lists(ext.ListsVersion(3)),
	)
}

// missingFunctions names the overloads that the checking environment knows and
// the running one does not.
func (e *environments) missingFunctions() []string {
	var missing []string
	running := e.running.Functions()
	for name, fn := range e.checking.Functions() {
		have := map[string]bool{}
		if r, ok := running[name]; ok {
			for _, o := range r.OverloadDecls() {
				have[o.ID()] = true
			}
		}
		missing = append(missing, absentOverloads(name, fn, have)...)
	}
	return missing
}

func absentOverloads(name string, fn *decls.FunctionDecl, have map[string]bool) []string {
	var absent []string
	for _, o := range fn.OverloadDecls() {
		if !have[o.ID()] {
			absent = append(absent, name+" "+o.ID())
		}
	}
	return absent
}
