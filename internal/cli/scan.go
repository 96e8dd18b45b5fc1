package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/exception"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/threat"
)

func newScan(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "scan [PATH...|IMAGE|SBOM|PURL|SNAPSHOT|cluster|-]",
		Short: "Find faults and rank the changes that remove them",
		Long: `Scan reads manifests, Helm charts and kustomizations, a saved snapshot, standard
input (-), or the live cluster, and prints the ranked queue of changes.

It also reads images: an archive (docker save, OCI), an OCI layout, a name in a
registry, the root folder of a system, a program; and bills of materials
(CycloneDX, SPDX, syft) and package URLs. What could be meant otherwise is written
with a scheme: registry:, docker:, podman:, containerd:, oci-archive:, oci-dir:,
docker-archive:, dir:, file:, sbom:, purl:.`,
		Example: `  foil scan examples/burrito-shop
  foil scan cluster --namespace shop --images
  foil scan nginx:1.29
  foil scan dir:/
  foil scan pkg:npm/lodash@4.17.20
  foil scan . --fail-on high -o table -o sarif=foil.sarif
  foil scan . --framework nsa
  helm template ./chart | foil scan -`,
		RunE: func(c *cobra.Command, args []string) error { return runScan(c, args, streams) },
	}
	addTargetFlags(c)
	addRuleFlags(c)
	addKnowledgeFlags(c)
	addTrustFlags(c)
	addOutputFlags(c)
	c.Flags().String("fail-on", "", "exit with 2 when an open finding is at least this severe: critical, high, medium, low or info")
	c.Flags().String("baseline", "", "an earlier report (-o json): only what is not in it counts")
	return c
}

// addRuleFlags declares the flags that say what is judged and how.
func addRuleFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringArray("controls", nil, "folder or file with controls of your own (repeatable)")
	f.String("settings", "", "file with settings of controls, a ConfigMap or a map of lists")
	f.StringSlice("framework", nil, "judge by the controls of this framework and score it (repeatable)")
	f.StringArray("exceptions", nil, "exception file to read beside .foil.yaml: of Kubescape (JSON), .trivyignore, .grype.yaml, osv-scanner.toml (repeatable)")
}

func runScan(c *cobra.Command, args []string, streams Streams) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	outputs, err := parseOutputs(must(c.Flags().GetStringArray("output")))
	if err != nil {
		return err
	}
	gate, err := parseGate(c)
	if err != nil {
		return err
	}
	options, err := reportOptions(c, streams.Out)
	if err != nil {
		return err
	}
	p := newProgress(streams.Err)
	defer p.end()
	s, err := prepareScan(c, cfg, args, streams, p)
	if err != nil {
		return err
	}
	result, err := pipeline.Scan(c.Context(), s.options)
	if err != nil {
		return err
	}
	p.end()
	for _, o := range outputs {
		if err := o.to(streams.Out, result.Report, options); err != nil {
			return err
		}
	}
	return verdict(result.Report, gate)
}

// preparedScan is a scan as the flags describe it.
type preparedScan struct {
	options pipeline.ScanOptions
	target  *target
}

// prepareScan puts together what a scan needs.
func prepareScan(c *cobra.Command, cfg *config, args []string, streams Streams, p *progress) (*preparedScan, error) {
	o := pipeline.ScanOptions{
		Tool: report.Tool{Name: "foil", Version: version()}, Now: time.Now(), Stage: p.stageOf(boundMemory),
		Frameworks: must(c.Flags().GetStringSlice("framework")),
	}
	var err error
	if o.Exceptions, err = exceptions(c, cfg); err != nil {
		return nil, err
	}
	if o.Baseline, err = baseline(c); err != nil {
		return nil, err
	}
	if o.Matrix, err = threat.Load(); err != nil {
		return nil, err
	}
	t, err := newTarget(c, args, streams, p)
	if err != nil {
		return nil, err
	}
	o.Source, o.Target = t.source, t.Target
	if t.holdsImages {
		more, err := ignoreFiles()
		if err != nil {
			return nil, usageError(err, "")
		}
		o.Exceptions, o.Narrow = append(o.Exceptions, more...), true
	}
	if err := addObjectRules(c, t, &o); err != nil {
		return nil, err
	}
	if err := addImageRules(c, t, &o); err != nil {
		return nil, err
	}
	if err := addSignatureRules(c, &o); err != nil {
		return nil, err
	}
	return &preparedScan{o, t}, nil
}

// addObjectRules adds what judges the objects of Kubernetes. Images have none,
// and need not wait for some hundred controls.
func addObjectRules(c *cobra.Command, t *target, o *pipeline.ScanOptions) error {
	if t.holdsImages {
		o.Content = &pipeline.Content{}
		if len(o.Frameworks) > 0 {
			return usageError(errors.New("--framework is about objects of Kubernetes: "+t.Name+" has none"), "")
		}
		return nil
	}
	var err error
	if o.Content, err = loadContent(c); err != nil {
		return err
	}
	if err := o.Content.CheckFrameworks(o.Frameworks); err != nil {
		return usageError(err, "")
	}
	o.Analyzers, err = pipeline.Analyzers(o.Content, pipeline.AnalyzerOptions{Workers: must(c.Flags().GetInt("workers")), Cache: t.verdicts()})
	return err
}

func loadContent(c *cobra.Command) (*pipeline.Content, error) {
	var settings control.Settings
	if path := must(c.Flags().GetString("settings")); path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, usageError(fmt.Errorf("--settings: %w", err), "")
		}
		if settings, err = control.ParseSettings(data); err != nil {
			return nil, usageError(fmt.Errorf("%s: %w", path, err), "")
		}
	}
	loaded, err := pipeline.LoadContent(content.Files(), must(c.Flags().GetStringArray("controls")), settings)
	if err != nil {
		return nil, usageError(err, "")
	}
	return loaded, nil
}

func exceptions(c *cobra.Command, cfg *config) ([]exception.Exception, error) {
	list := slices.Clone(cfg.exceptions)
	for _, path := range must(c.Flags().GetStringArray("exceptions")) {
		more, err := exceptionsOf(path)
		if err != nil {
			return nil, usageError(fmt.Errorf("--exceptions: %w", err), "")
		}
		list = append(list, more...)
	}
	return list, nil
}

func exceptionsOf(path string) ([]exception.Exception, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return exception.FromIgnoreFile(data, path)
}

// ignoreFiles reads the ignore files of scanners of images in the current
// folder, as these do.
func ignoreFiles() ([]exception.Exception, error) {
	var list []exception.Exception
	for _, name := range exception.IgnoreFiles() {
		if _, err := os.Stat(name); err != nil {
			continue
		}
		more, err := exceptionsOf(name)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// baseline reads the fingerprints of an earlier report.
func baseline(c *cobra.Command) (map[finding.Fingerprint]bool, error) {
	path := must(c.Flags().GetString("baseline"))
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError(fmt.Errorf("--baseline: %w", err), "")
	}
	var old struct {
		SchemaVersion string `json:"schemaVersion"`
		Findings      []struct {
			Fingerprint finding.Fingerprint `json:"fingerprint"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(data, &old); err != nil || old.SchemaVersion != report.SchemaVersion {
		return nil, usageError(fmt.Errorf("--baseline: %s is not a report of schema %s", path, report.SchemaVersion), "write one with foil scan -o json="+path)
	}
	known := make(map[finding.Fingerprint]bool, len(old.Findings))
	for _, f := range old.Findings {
		known[f.Fingerprint] = true
	}
	return known, nil
}

// must drops the error of reading a flag: it is only given for a flag that was
// not declared, which the first test run of the verb would show.
func must[T any](value T, _ error) T { return value }
