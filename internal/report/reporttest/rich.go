// Package reporttest makes reports that tests of the writers share, and
// compares what they write with golden files. It is for tests alone.
package reporttest

import (
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

// Rich is a report that has one of everything: every severity and state,
// findings of files and of a cluster, texts in Chinese, frameworks, exceptions
// that match and that do not, gaps, and the hostile names of [Hostile].
func Rich() *report.Report {
	return &report.Report{
		SchemaVersion: report.SchemaVersion,
		Tool:          report.Tool{Name: "foil", Version: "0.1.0"},
		Target:        report.Target{Kind: "files", Name: "examples/burrito-shop"},
		Summary: report.Summary{
			Objects: 68, Workloads: 12, Open: 7, Excepted: 1, Known: 1, Changes: 5,
			BySeverity: map[string]int{"critical": 2, "high": 2, "medium": 1, "low": 1, "info": 1},
		},
		Coverage: report.Coverage{
			Complete: false,
			Kinds:    map[string]int{"apps/Deployment": 9, "Service": 12, "Secret": 3},
			Gaps: []graph.Gap{
				{Subject: "loyalty/broken.yaml", Position: graph.Position{File: "loyalty/broken.yaml", Line: 14, Column: 3}, Reason: "did not find expected key: check the indentation"},
				{Subject: "networking.k8s.io/NetworkPolicy", Reason: "forbidden: grant list on networkpolicies", Kinds: []graph.Kind{"networking.k8s.io/NetworkPolicy"}},
			},
			NotEvaluated: []report.NotEvaluated{
				{Rule: "no-network-policy", Reason: "NetworkPolicy objects could not be read"},
				{Rule: "image-signature", Node: "k8s:apps/Deployment:shop/kitchen", Reason: "no trust policy was given"},
				{Rule: "image-signature", Node: "k8s:apps/Deployment:shop/loyalty", Reason: "no trust policy was given"},
			},
		},
		Changes:    changes(),
		Findings:   findings(),
		Rules:      rules(),
		Frameworks: frameworks(),
		Exceptions: []report.ExceptionUse{
			{Exception: kitchenException(), Matches: 1},
			{Exception: report.Exception{ID: ".foil.yaml#2", Owner: "nobody", Reason: "was needed once", Source: ".foil.yaml:9"}},
		},
	}
}

// Empty is the report of a complete scan that found nothing.
func Empty() *report.Report {
	return &report.Report{
		SchemaVersion: report.SchemaVersion,
		Tool:          report.Tool{Name: "foil", Version: "0.1.0"},
		Target:        report.Target{Kind: "stdin", Name: "-"},
		Summary: report.Summary{
			Objects: 1, BySeverity: map[string]int{"critical": 0, "high": 0, "medium": 0, "low": 0, "info": 0},
		},
		Coverage: report.Coverage{Complete: true, Kinds: map[string]int{"Namespace": 1}},
	}
}

func kitchenException() report.Exception {
	return report.Exception{
		ID: ".foil.yaml#1", Owner: "kitchen team", Reason: "the oven driver writes its log to the image",
		Expires: "2027-03-31", Source: ".foil.yaml:3",
	}
}

func rules() []report.Rule {
	return []report.Rule{
		{
			ID: "cluster-admin-binding", Aliases: []string{"C-0035"}, Severity: "critical", Category: "access",
			Title:  lang.Text{EN: "Subject is cluster administrator", ZH: "主体拥有集群管理员权限"},
			Risk:   lang.Text{EN: "Whoever is this subject owns every object and every node of the cluster.", ZH: "任何能以该主体身份行事的人都掌控整个集群的所有对象和节点。"},
			Advice: lang.Text{EN: "Bind a role that holds only the verbs and resources that are used.", ZH: "改为绑定只包含实际所需动词和资源的角色。"},
		},
		{
			ID: "image-tag-floating", Severity: "low", Category: "supply-chain",
			Title:  lang.Text{EN: "Image tag can move", ZH: "镜像标签可变"},
			Risk:   lang.Text{EN: "The next pull may bring other code than was tested.", ZH: "下一次拉取得到的代码可能与测试过的不同。"},
			Advice: lang.Text{EN: "Pin the image by its digest.", ZH: "用摘要固定镜像。"},
		},
		{
			ID: "privileged-container", Aliases: []string{"C-0057"}, Severity: "critical", Category: "workload",
			Title:      lang.Text{EN: "Container runs privileged", ZH: "容器以特权模式运行"},
			Risk:       lang.Text{EN: "A process that escapes is root on the node and reaches every pod on it.", ZH: "一旦逃逸，进程即成为节点上的 root，可触及该节点上的所有 Pod。"},
			Advice:     lang.Text{EN: "Set privileged to false and add only the capabilities that the program needs.", ZH: "将 privileged 设为 false，只添加程序确实需要的能力。"},
			Techniques: []report.Technique{{ID: "MS-TA9018", Name: lang.Text{EN: "Privileged container", ZH: "特权容器"}, Tactics: []lang.Text{{EN: "Privilege Escalation", ZH: "权限提升"}}}},
			Frameworks: []finding.Reference{{Framework: "nsa"}, {Framework: "cis-v1.12", Item: "5.2.2"}},
			References: []string{"https://kubernetes.io/docs/concepts/security/pod-security-standards/"},
		},
		{
			ID: "root-filesystem-writable", Severity: "medium", Category: "workload",
			Title:  lang.Text{EN: "Root file system is writable", ZH: "根文件系统可写"},
			Risk:   lang.Text{EN: "An attacker can leave tools behind in the running container.", ZH: "攻击者可以在运行中的容器里留下工具。"},
			Advice: lang.Text{EN: "Set readOnlyRootFilesystem to true and mount an emptyDir where the program writes.", ZH: "将 readOnlyRootFilesystem 设为 true，并在程序写入处挂载 emptyDir。"},
		},
	}
}

func frameworks() []report.Framework {
	return []report.Framework{{
		ID: "cis-v1.12", Score: 62.5,
		Title: lang.Text{EN: "CIS Kubernetes Benchmark 1.12, policies", ZH: "CIS Kubernetes 基准 1.12（策略部分）"},
		Controls: []report.FrameworkControl{
			{Item: "5.1.1", Rule: "cluster-admin-binding", Title: lang.Text{EN: "Subject is cluster administrator", ZH: "主体拥有集群管理员权限"}, Severity: "critical", Status: "failed", Evaluated: 4, Failed: 1, Score: 75},
			{Item: "5.2.2", Rule: "privileged-container", Title: lang.Text{EN: "Container runs privileged", ZH: "容器以特权模式运行"}, Severity: "critical", Status: "failed", Evaluated: 12, Failed: 2, Excepted: 1, Score: 83.33},
			{Item: "5.2.3", Rule: "host-pid", Title: lang.Text{EN: "Pod shares the process list of its node", ZH: "Pod 共享节点的进程列表"}, Severity: "high", Status: "passed", Evaluated: 12, Score: 100},
			{Item: "5.3.2", Rule: "no-network-policy", Title: lang.Text{EN: "Namespace has no network policy", ZH: "命名空间没有网络策略"}, Severity: "high", Status: "not-evaluated", Reason: "NetworkPolicy objects could not be read"},
			{Item: "5.5.1", Title: lang.Text{EN: "Admission of images is configured", ZH: "已配置镜像准入"}, Status: "manual"},
			{Item: "5.6.9", Title: lang.Text{EN: "PodSecurityPolicy is used", ZH: "使用 PodSecurityPolicy"}, Status: "not-applicable", Reason: "the API no longer exists"},
		},
	}}
}
