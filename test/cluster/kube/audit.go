package kube

import (
	"fmt"
	"os"
	"path/filepath"
)

// auditEverything records who did what for every request, without bodies.
const auditEverything = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
`

const auditWebhook = `apiVersion: v1
kind: Config
clusters:
- name: audit
  cluster: {server: %q}
contexts:
- name: audit
  context: {cluster: audit, user: ""}
current-context: audit
`

// auditFlags writes the files that the audit options need and returns the API
// server's flags for them.
func (c *Cluster) auditFlags() ([]string, error) {
	audit := c.options.Audit
	if audit == nil {
		return nil, nil
	}
	policy := audit.Policy
	if policy == "" {
		policy = auditEverything
	}
	file, err := c.writeAudit("policy.yaml", policy)
	if err != nil {
		return nil, err
	}
	flags := []string{"--audit-policy-file=" + file, "--audit-log-path=" + c.AuditLog()}
	if audit.Webhook == "" {
		return flags, nil
	}
	file, err = c.writeAudit("webhook.kubeconfig", fmt.Sprintf(auditWebhook, audit.Webhook))
	if err != nil {
		return nil, err
	}
	return append(flags, "--audit-webhook-config-file="+file, "--audit-webhook-batch-max-wait=1s"), nil
}

func (c *Cluster) writeAudit(name, content string) (string, error) {
	file := filepath.Join(c.dir, "audit-"+name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return "", fmt.Errorf("write the audit configuration: %w", err)
	}
	return file, nil
}
