// Package access is the analyzer of rights: what bindings grant to whom, and
// which workloads carry the tokens of service accounts that have rights.
//
// Each control is one file. Findings about a grant are reported on the binding,
// the object that a person edits; the evidence names subject, role and rule.
// The facts come from derive/rbac and derive/workload; it works out none itself.
package access

import (
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// New is the analyzer with all its controls.
func New() analyze.Analyzer {
	return check.New(newFacts,
		execIntoPods(),
		deleteWorkloads(),
		dashboardRoleBound(),
		dashboardAccountUsed(),
		readSecrets(),
		deleteEvents(),
		administratorRole(),
		changeClusterDNS(),
		accountHasRights(),
		forwardPorts(),
		impersonateUsers(),
		bindOrEscalate(),
		clusterAdminBound(),
		createPods(),
		authenticatedHasRights(),
		createPersistentVolumes(),
		nodeProxy(),
		approveCertificates(),
		changeWebhooks(),
		createTokens(),
		tokenMounted(),
		tokenWithRights(),
		workloadTakesOver(),
		workloadIsAdministrator(),
		missingServiceAccount(),
		namespaceWithoutAccounts(),
	)
}

// facts are what the controls share.
type facts struct {
	snapshot  *graph.Snapshot
	bindings  *rbac.Index
	workloads *workload.Index
}

func newFacts(f *analyze.Facts) *facts {
	return &facts{
		snapshot:  f.Snapshot,
		bindings:  rbac.NewIndex(f.Snapshot),
		workloads: workload.NewIndex(f.Snapshot),
	}
}
