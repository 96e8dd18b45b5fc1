package secret

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

func TestCredentialsAreFindingsOfTheirImage(t *testing.T) {
	a := &artifact.Artifact{
		Reference: "shop:1", Layers: []artifact.Layer{{Command: "COPY . ."}, {Index: 1}},
		Secrets: []artifact.Secret{
			{Rule: "private-key", Title: "RSA private key", Path: "root/.ssh/id_rsa", Line: 1},
			{Rule: "aws-key", Title: "AWS key", Path: "app/.env", Line: 3, Redacted: "AKIA…", Deleted: true},
		},
	}
	var b graph.Builder
	if err := artifact.Add(&b, a, graph.Provenance{}); err != nil {
		t.Fatal(err)
	}
	v := checktest.Run(t, New(), b.Snapshot(), nil)
	if len(v.Findings) != 2 {
		t.Fatalf("%d findings, want 2", len(v.Findings))
	}
	kept, deleted := v.Findings[0], v.Findings[1]
	if kept.Severity != finding.High || deleted.Severity != finding.Medium || kept.Fingerprint == deleted.Fingerprint {
		t.Errorf("got %v and %v", kept, deleted)
	}
	if !strings.Contains(deleted.Message.EN, "deleted by a later layer") || !strings.Contains(kept.Evidence[0].Note.EN, "COPY . .") {
		t.Errorf("got %q and %q", deleted.Message.EN, kept.Evidence[0].Note.EN)
	}
}
