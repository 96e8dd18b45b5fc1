package manifest

import (
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// clusterKinds are the kinds that live in no namespace: all of Kubernetes, in
// all versions, and those of widely used extensions, whose definitions are
// seldom among the manifests that use them. Each line is an API group and its
// kinds; the core group is empty.
var clusterKinds = parseKinds(`
:ComponentStatus Namespace Node PersistentVolume
admissionregistration.k8s.io:MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
apiextensions.k8s.io:CustomResourceDefinition
apiregistration.k8s.io:APIService
authentication.k8s.io:SelfSubjectReview TokenReview
authorization.k8s.io:SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
certificates.k8s.io:CertificateSigningRequest ClusterTrustBundle
extensions:PodSecurityPolicy
flowcontrol.apiserver.k8s.io:FlowSchema PriorityLevelConfiguration
internal.apiserver.k8s.io:StorageVersion
networking.k8s.io:ClusterCIDR IPAddress IngressClass ServiceCIDR
node.k8s.io:RuntimeClass
policy:PodSecurityPolicy
rbac.authorization.k8s.io:ClusterRole ClusterRoleBinding
resource.k8s.io:DeviceClass DeviceTaintRule ResourceClass ResourceSlice
scheduling.k8s.io:PriorityClass
storage.k8s.io:CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass
storagemigration.k8s.io:StorageVersionMigration
cert-manager.io:ClusterIssuer
cilium.io:CiliumCIDRGroup CiliumClusterwideNetworkPolicy CiliumExternalWorkload CiliumIdentity CiliumLoadBalancerIPPool CiliumNode
cluster.karmada.io:Cluster
config.gatekeeper.sh:Provider
config.openshift.io:APIServer Authentication ClusterVersion Infrastructure Ingress Network OAuth Proxy Scheduler
crd.projectcalico.org:BGPConfiguration BGPPeer ClusterInformation FelixConfiguration GlobalNetworkPolicy GlobalNetworkSet IPPool
external-secrets.io:ClusterExternalSecret ClusterSecretStore
gateway.networking.k8s.io:GatewayClass
karpenter.k8s.aws:EC2NodeClass
karpenter.sh:NodeClaim NodePool
kubescape.io:ClusterSecurityException
kyverno.io:ClusterCleanupPolicy ClusterPolicy
openreports.io:ClusterReport
operator.tigera.io:APIServer Installation
policies.kyverno.io:ImageValidatingPolicy MutatingPolicy ValidatingPolicy
policy.networking.k8s.io:AdminNetworkPolicy BaselineAdminNetworkPolicy ClusterNetworkPolicy
projectcalico.org:GlobalNetworkPolicy GlobalNetworkSet IPPool
security.openshift.io:SecurityContextConstraints
snapshot.storage.k8s.io:VolumeSnapshotClass VolumeSnapshotContent
templates.gatekeeper.sh:ConstraintTemplate
wgpolicyk8s.io:ClusterPolicyReport
`)

func parseKinds(table string) map[graph.Kind]bool {
	kinds := make(map[graph.Kind]bool)
	for line := range strings.Lines(table) {
		group, names, _ := strings.Cut(line, ":")
		for name := range strings.FieldsSeq(names) {
			kinds[graph.GroupKind(group, name)] = true
		}
	}
	return kinds
}

// constraintGroup is the group of Gatekeeper's constraints, whose kinds users
// name themselves; none of them has a namespace.
const constraintGroup = "constraints.gatekeeper.sh"

// scopes knows which kinds have namespaces.
type scopes struct {
	defined map[graph.Kind]bool // by definitions in the input; true without namespace
}

// learn takes note of the definition of a custom resource.
func (s *scopes) learn(object graph.Value) {
	if object.Get("kind").Str() != "CustomResourceDefinition" {
		return
	}
	group, kind := object.At("spec", "group").Str(), object.At("spec", "names", "kind").Str()
	if group == "" || kind == "" {
		return
	}
	if s.defined == nil {
		s.defined = make(map[graph.Kind]bool)
	}
	s.defined[graph.GroupKind(group, kind)] = object.At("spec", "scope").Str() == "Cluster"
}

// clusterScoped reports whether objects of a kind have no namespace. An
// unknown kind is taken to have one, as most do.
func (s *scopes) clusterScoped(object graph.Value) bool {
	group, _ := graph.SplitAPIVersion(object.Get("apiVersion").Str())
	kind := graph.GroupKind(group, object.Get("kind").Str())
	if cluster, defined := s.defined[kind]; defined {
		return cluster
	}
	return clusterKinds[kind] || group == constraintGroup
}

// namespace is where an object lives: nowhere if its kind has no namespace,
// whatever it says itself.
func (s *scopes) namespace(object graph.Value, absent string) string {
	if s.clusterScoped(object) {
		return ""
	}
	if named := object.At("metadata", "namespace").Str(); named != "" {
		return named
	}
	return absent
}
