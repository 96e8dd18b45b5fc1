// Package secret judges credentials that images carry. What they are and where
// they stand comes with the snapshot; their values never do.
package secret

import (
	"context"
	"fmt"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// ID is the rule of this package.
const ID = "secret-in-image"

// Analyzer turns credentials in images into findings.
type Analyzer struct{}

// New makes the analyzer.
func New() Analyzer { return Analyzer{} }

// Rules implements analyze.Analyzer. The one rule is of interest where there are
// images.
func (Analyzer) Rules() []finding.Rule { return nil }

func rule() finding.Rule {
	return finding.Rule{
		ID: ID, Severity: finding.High, Category: "secrets", Techniques: []string{"MS-TA9027"},
		Title: lang.Text{EN: "The image carries a credential", ZH: "镜像中包含凭据"},
		Risk: lang.Text{
			EN: "Everybody who can pull the image, from any registry it was ever pushed to, can read the credential and use it. A later layer that deletes the file changes nothing.",
			ZH: "任何能够拉取该镜像的人（无论它曾被推送到哪个镜像仓库）都能读取并使用该凭据；即使后续的层删除了该文件也无济于事。",
		},
		Advice: lang.Text{
			EN: "Revoke the credential, take it out of the build, and give it to the workload when it runs: by a Secret, a workload identity, or a build secret mount where the build needs it.",
			ZH: "吊销该凭据，将其移出构建过程，并在运行时提供给工作负载：使用 Secret、工作负载身份；若构建时需要，请使用构建密钥挂载。",
		},
	}
}

// Analyze implements analyze.Analyzer.
func (Analyzer) Analyze(ctx context.Context, facts *analyze.Facts, sink analyze.Sink) error {
	for a, err := range artifact.Load(facts.Snapshot) {
		if err != nil {
			continue
		}
		sink.Rule(rule())
		sink.Evaluated(ID, 1)
		for i := range a.Secrets {
			sink.Finding(judge(a, &a.Secrets[i]))
		}
	}
	return ctx.Err()
}

func judge(a *artifact.Loaded, s *artifact.Secret) finding.Finding {
	severity := finding.High
	if s.Deleted {
		severity = finding.Medium
	}
	return finding.Finding{
		Rule: ID, Node: a.Node, Severity: severity, State: finding.Open,
		Fingerprint: finding.NewFingerprint(ID, a.Node, fmt.Sprintf("%s %s:%d", s.Rule, s.Path, s.Line)),
		Message: lang.Text{
			EN: fmt.Sprintf("%s in %s of %s%s", s.Title, s.Path, a.Reference, deleted(s, ", deleted by a later layer")),
			ZH: fmt.Sprintf("%s 的 %s 中有 %s%s", a.Reference, s.Path, s.Title, deleted(s, "（已被后续的层删除）")),
		},
		Evidence: []finding.Evidence{{Path: s.Path, Value: s.Redacted, Position: graph.Position{Line: s.Line}, Note: layer(a, s)}},
		Remedy: &finding.Remedy{Kind: "remove-secret", Place: a.Node, Title: lang.Text{
			EN: "Revoke and remove the credentials in " + a.Reference,
			ZH: "吊销并移除 " + a.Reference + " 中的凭据",
		}},
	}
}

func deleted(s *artifact.Secret, words string) string {
	if s.Deleted {
		return words
	}
	return ""
}

// layer names the build step, which is where the credential must be taken out.
func layer(a *artifact.Loaded, s *artifact.Secret) lang.Text {
	if s.Layer < 0 || s.Layer >= len(a.Layers) || a.Layers[s.Layer].Command == "" {
		return lang.Text{}
	}
	command := a.Layers[s.Layer].Command
	return lang.Text{EN: "brought by: " + command, ZH: "来自构建步骤：" + command}
}
