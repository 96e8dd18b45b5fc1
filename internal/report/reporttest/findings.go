package reporttest

import (
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

// Hostile holds what somebody would name an object to attack a reader: markup,
// escape sequences, direction overrides, line breaks, formulas, links,
// mentions, template braces, broken UTF-8.
const Hostile = "<script>alert(1)</script>\x1b[31m\u202egnp\u2066.=cmd|'/C calc'!A0](https://evil.example)@everyone `x` ]]> {{.}} \x00\x9b\xff\u200b\r\n| **b** <!-- -- &amp; #1"

// HostileFormula begins like a formula of a spreadsheet.
const HostileFormula = "=HYPERLINK(\"https://evil.example\",\"click\")"

func changes() []report.Change {
	return []report.Change{
		{
			ID: "harden-containers:k8s:apps/Deployment:shop/kitchen", Kind: "harden-containers",
			Title: lang.Text{EN: "Harden the containers of Deployment shop/kitchen", ZH: "加固 Deployment shop/kitchen 的容器"},
			Node:  "k8s:apps/Deployment:shop/kitchen", Position: graph.Position{File: "kitchen/deployment.yaml", Line: 4, Column: 1},
			Severity: "critical", Score: 38.4, Automatic: true, Reasons: kitchenReasons(),
			Fingerprints: []string{"f01", "f02"}, Workloads: []graph.NodeID{"k8s:apps/Deployment:shop/kitchen"},
		},
		{
			ID: "limit-binding:k8s:rbac.authorization.k8s.io/ClusterRoleBinding:ci-deployer", Kind: "limit-binding",
			Title: lang.Text{EN: "Limit what ClusterRoleBinding ci-deployer grants", ZH: "收窄 ClusterRoleBinding ci-deployer 授予的权限"},
			Node:  "k8s:rbac.authorization.k8s.io/ClusterRoleBinding:ci-deployer",
			// Read from an API server: there is no file.
			Severity: "critical", Score: 30,
			Reasons:      []report.Reason{{Factor: "privilege", Value: 3, Sentence: lang.Text{EN: "The service account can do everything in the cluster.", ZH: "该服务账户可在集群中执行任何操作。"}}},
			Fingerprints: []string{"f03"}, Workloads: nil,
		},
		{
			ID: "harden-containers:k8s:apps/Deployment:厨房/外卖", Kind: "harden-containers",
			Title: lang.Text{EN: "Harden the containers of Deployment 厨房/外卖", ZH: "加固 Deployment 厨房/外卖 的容器"},
			Node:  "k8s:apps/Deployment:厨房/外卖", Position: graph.Position{File: "厨房/外卖.yaml", Line: 1, Column: 1},
			Severity: "high", Score: 12.25, Automatic: true,
			Reasons:      []report.Reason{{Factor: "severity", Value: 7, Sentence: lang.Text{EN: "The worst of its findings is high.", ZH: "其中最严重的发现为高。"}}},
			Fingerprints: []string{"f04"}, Workloads: []graph.NodeID{"k8s:apps/Deployment:厨房/外卖"},
		},
		{
			ID: "harden-containers:k8s:Pod:x/hostile", Kind: "harden-containers",
			Title: lang.Text{EN: "Harden the containers of Pod " + Hostile, ZH: "加固 Pod " + Hostile + " 的容器"},
			Node:  "k8s:Pod:x/hostile", Position: graph.Position{File: "a b/\x1b]0;title\x07<b>.yaml", Line: 7, Column: 2},
			Severity: "high", Score: 9, Automatic: false,
			Reasons:      []report.Reason{{Factor: "exposure", Value: 1, Sentence: lang.Text{EN: "Reached by " + Hostile, ZH: "可由 " + Hostile + " 访问"}}},
			Fingerprints: []string{"f05"}, Workloads: []graph.NodeID{"k8s:Pod:x/hostile"},
		},
		{
			ID: "pin-images:k8s:apps/StatefulSet:shop/database", Kind: "pin-images",
			Title: lang.Text{EN: "Pin the images of StatefulSet shop/database", ZH: "固定 StatefulSet shop/database 的镜像"},
			Node:  "k8s:apps/StatefulSet:shop/database", Position: graph.Position{File: "database/statefulset.yaml", Line: 21, Column: 11},
			Severity: "low", Score: 2, Reasons: nil,
			Fingerprints: []string{"f06", "f07"}, Workloads: []graph.NodeID{"k8s:apps/StatefulSet:shop/database"},
		},
	}
}

func kitchenReasons() []report.Reason {
	return []report.Reason{
		{Factor: "severity", Value: 10, Sentence: lang.Text{EN: "The worst of its findings is critical.", ZH: "其中最严重的发现为严重。"}},
		{Factor: "exposure", Value: 2.4, Sentence: lang.Text{EN: "The Internet reaches it through Ingress shop/front and Service shop/kitchen.", ZH: "互联网可经 Ingress shop/front 和 Service shop/kitchen 访问它。"}},
		{Factor: "privilege", Value: 1.6, Sentence: lang.Text{EN: "It runs privileged on its node.", ZH: "它在节点上以特权运行。"}},
	}
}

func kitchen() report.Object {
	return report.Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "kitchen"}
}

func findings() []report.Finding {
	return []report.Finding{
		{
			Fingerprint: "f01", Rule: "privileged-container", Severity: "critical", State: "open", Score: 38.4, Reasons: kitchenReasons(),
			Node: "k8s:apps/Deployment:shop/kitchen", Object: kitchen(),
			Message: lang.Text{EN: "Container oven runs privileged", ZH: "容器 oven 以特权模式运行"},
			Evidence: []report.Evidence{{
				Path: "spec.template.spec.containers[0].securityContext.privileged", Value: "true",
				Position: graph.Position{File: "kitchen/deployment.yaml", Line: 23, Column: 13},
			}},
			Fixes:  []report.Fix{{Operation: "set", Path: "spec.template.spec.containers[0].securityContext.privileged", Value: "false"}},
			Change: "harden-containers:k8s:apps/Deployment:shop/kitchen",
		},
		{
			Fingerprint: "f02", Rule: "root-filesystem-writable", Severity: "medium", State: "open", Score: 9.6, Reasons: kitchenReasons(),
			Node: "k8s:apps/Deployment:shop/kitchen", Object: kitchen(),
			Evidence: []report.Evidence{
				{Path: "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", Unset: true, Position: graph.Position{File: "kitchen/deployment.yaml", Line: 22, Column: 11}},
				{Path: "spec.template.spec.initContainers[0].securityContext.readOnlyRootFilesystem", Unset: true, Position: graph.Position{File: "kitchen/deployment.yaml", Line: 41, Column: 11}, Note: lang.Text{EN: "the init container too", ZH: "初始化容器也是如此"}},
			},
			Fixes:  []report.Fix{{Operation: "set", Path: "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", Value: "true"}},
			Change: "harden-containers:k8s:apps/Deployment:shop/kitchen",
		},
		{
			Fingerprint: "f03", Rule: "cluster-admin-binding", Severity: "critical", State: "open", Score: 30,
			Node:     "k8s:rbac.authorization.k8s.io/ClusterRoleBinding:ci-deployer",
			Object:   report.Object{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRoleBinding", Name: "ci-deployer", UID: "5f0c2d1e-93f1-4b6e-8d53-7c5a3c1f0a11"},
			Evidence: []report.Evidence{{Path: "roleRef.name", Value: "cluster-admin"}, {Node: "k8s:ServiceAccount:ci/deployer", Note: lang.Text{EN: "used by Job ci/runner", ZH: "被 Job ci/runner 使用"}}},
			Change:   "limit-binding:k8s:rbac.authorization.k8s.io/ClusterRoleBinding:ci-deployer",
		},
		{
			Fingerprint: "f04", Rule: "privileged-container", Severity: "high", State: "open", Score: 12.25,
			Node: "k8s:apps/Deployment:厨房/外卖", Object: report.Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "厨房", Name: "外卖"},
			Message:  lang.Text{EN: "Container 送餐 runs privileged", ZH: "容器 送餐 以特权模式运行"},
			Evidence: []report.Evidence{{Path: "spec.template.spec.containers[0].securityContext.privileged", Value: "true", Position: graph.Position{File: "厨房/外卖.yaml", Line: 18, Column: 9}}},
			Fixes:    []report.Fix{{Operation: "set", Path: "spec.template.spec.containers[0].securityContext.privileged", Value: "false"}},
			Change:   "harden-containers:k8s:apps/Deployment:厨房/外卖",
		},
		{
			Fingerprint: "f05", Rule: "privileged-container", Severity: "high", State: "open", Score: 9,
			Node: "k8s:Pod:x/hostile", Object: report.Object{APIVersion: "v1", Kind: "Pod", Namespace: "x", Name: Hostile},
			Message:  lang.Text{EN: "Container " + Hostile + " runs privileged", ZH: "容器 " + Hostile + " 以特权模式运行"},
			Evidence: []report.Evidence{{Path: HostileFormula, Value: Hostile, Position: graph.Position{File: "a b/\x1b]0;title\x07<b>.yaml", Line: 7, Column: 2}}},
			Change:   "harden-containers:k8s:Pod:x/hostile",
		},
		{
			Fingerprint: "f06", Rule: "image-tag-floating", Severity: "low", State: "open", Score: 2,
			Node: "k8s:apps/StatefulSet:shop/database", Object: report.Object{APIVersion: "apps/v1", Kind: "StatefulSet", Namespace: "shop", Name: "database"},
			Evidence: []report.Evidence{{Path: "spec.template.spec.containers[0].image", Value: "postgres:latest", Position: graph.Position{File: "database/statefulset.yaml", Line: 21, Column: 11}}},
			Change:   "pin-images:k8s:apps/StatefulSet:shop/database",
		},
		{
			Fingerprint: "f07", Rule: "rule-without-text", Severity: "info", State: "open", Score: 1,
			Node: "group:system:masters", Object: report.Object{Kind: "Group", Name: "system:masters"},
			Evidence: nil, Change: "pin-images:k8s:apps/StatefulSet:shop/database",
		},
		{
			Fingerprint: "f08", Rule: "root-filesystem-writable", Severity: "medium", State: "excepted", Score: 0.5,
			Node: "k8s:apps/Deployment:shop/oven", Object: report.Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "oven"},
			Evidence:  []report.Evidence{{Path: "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", Value: "false", Position: graph.Position{File: "kitchen/oven.yaml", Line: 30, Column: 13}}},
			Exception: ptr(kitchenException()),
		},
		{
			Fingerprint: "f09", Rule: "image-tag-floating", Severity: "low", State: "known", Score: 0.25,
			Node: "k8s:apps/Deployment:shop/kitchen", Object: kitchen(),
			Evidence: []report.Evidence{{Path: "spec.template.spec.containers[0].image", Value: "oven:v1", Position: graph.Position{File: "kitchen/deployment.yaml", Line: 19, Column: 11}}},
		},
	}
}

func ptr[T any](v T) *T { return &v }
