package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/cache"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/source"
	"github.com/foilsec/foil/internal/source/cluster"
	"github.com/foilsec/foil/internal/source/dockerfile"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/helmchart"
	"github.com/foilsec/foil/internal/source/snapshot"
)

// clusterTarget is the word that means the live cluster. A folder of that name
// is written ./cluster.
const clusterTarget = "cluster"

// addTargetFlags declares the flags that say what is read.
func addTargetFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringSliceP("namespace", "n", nil, "limit to these namespaces (repeatable)")
	f.String("kubeconfig", "", "kubeconfig of the cluster (default: $KUBECONFIG, ~/.kube/config, in-cluster)")
	f.String("context", "", "context of the kubeconfig")
	f.StringArrayP("values", "f", nil, "Helm values file (repeatable)")
	f.StringArray("set", nil, "Helm value, key=value (repeatable)")
	f.StringArray("set-string", nil, "Helm value taken as a string, key=value (repeatable)")
	f.StringArray("set-file", nil, "Helm value read from a file, key=path (repeatable)")
	f.String("release-name", "", "Helm release name (default: release-name)")
	f.String("kube-version", "", "Kubernetes version that Helm templates see")
	f.String("cache", "", "folder in which results are kept, so that unchanged files are not read again")
	f.Bool("images", false, "read also the images that the workloads run, from their registries")
	addImageFlags(c)
	f.Int("workers", 0, "how many files and objects are worked on at a time (default: one for each processor)")
}

// target is what a command was asked to look at.
type target struct {
	source source.Source
	report.Target
	paths     []string
	manifests manifest.Options // of files
	cache     *cache.Folder
	// holdsImages is set when images are what is looked at, and not the objects
	// of Kubernetes.
	holdsImages bool
	// mayHoldImages is set when there may be images among what is looked at.
	mayHoldImages bool
}

// newTarget finds out what the arguments mean: a cluster, a saved snapshot, or
// files.
func newTarget(c *cobra.Command, args []string, streams Streams, p *progress) (*target, error) {
	if len(args) == 0 {
		return nil, usageError(errors.New("nothing to look at"), "give a path, a snapshot file, - for standard input, or the word cluster")
	}
	t := &target{paths: args}
	if folder, _ := c.Flags().GetString("cache"); folder != "" {
		opened, err := cache.Open(folder)
		if err != nil {
			return nil, err
		}
		opened.Sweep(time.Now())
		t.cache = opened
	}
	if len(args) == 1 && isImage(args[0]) { // read as a stream: the usual collector keeps that small
		return t, t.useImage(c, streams, p)
	}
	tuneMemory()
	switch {
	case len(args) == 1 && args[0] == clusterTarget:
		return t, t.useCluster(c, streams, p)
	case len(args) == 1 && snapshot.IsSnapshot(args[0]):
		return t, t.useSnapshot(args[0])
	}
	return t, t.useFiles(c, streams, p)
}

func (t *target) useSnapshot(path string) error {
	file, err := snapshot.Open(path)
	if err != nil {
		return err
	}
	t.source, t.Target = file, report.Target{Kind: "snapshot", Name: path}
	t.mayHoldImages = true
	return nil
}

func (t *target) useFiles(c *cobra.Command, streams Streams, p *progress) error {
	for _, path := range t.paths {
		if path == clusterTarget {
			return usageError(errors.New("cluster can't be scanned together with files"), "run two scans, or write ./cluster for a folder of that name")
		}
		if _, err := os.Stat(path); path != "-" && errors.Is(err, fs.ErrNotExist) {
			return usageError(fmt.Errorf("%s does not exist", path), "an image in a registry is written with its tag, or as registry:"+path)
		}
	}
	namespaces, _ := c.Flags().GetStringSlice("namespace")
	if len(namespaces) > 1 {
		return usageError(errors.New("files take one --namespace"), "")
	}
	workers, _ := c.Flags().GetInt("workers")
	o := manifest.Options{
		Paths: t.paths, Stdin: streams.In, Workers: workers, Progress: p.files, Namespace: strings.Join(namespaces, ""),
		Helm: helmOptions(c),
	}
	if t.cache != nil {
		o.Cache = t.cache
	}
	t.source, t.manifests = sourcesOf(o), o
	t.Target = report.Target{Kind: "files", Name: strings.Join(t.paths, " ")}
	if len(t.paths) > 1 {
		t.Target.Paths = t.paths
	}
	if len(t.paths) == 1 && t.paths[0] == "-" {
		t.Target = report.Target{Kind: "stdin", Name: "-"}
	}
	return t.addRunningImages(c, streams, p)
}

// sourcesOf reads Kubernetes objects, and the Dockerfiles beside them.
func sourcesOf(o manifest.Options) source.Source {
	var objects []string
	var all pipeline.Sources
	for _, path := range o.Paths {
		info, err := os.Stat(path)
		isRecipe := err == nil && info.Mode().IsRegular() && dockerfile.Is(filepath.Base(path))
		if isRecipe || err == nil && info.IsDir() {
			all = append(all, dockerfile.Source{Path: path, Now: time.Now()})
		}
		if !isRecipe {
			objects = append(objects, path)
		}
	}
	if len(objects) > 0 {
		o.Paths = objects
		all = append(all, manifest.New(o))
	}
	return all
}

// helmOptions are the flags about charts.
func helmOptions(c *cobra.Command) helmchart.Options {
	f := c.Flags()
	return helmchart.Options{
		ValuesFiles: must(f.GetStringArray("values")), Set: must(f.GetStringArray("set")),
		SetString: must(f.GetStringArray("set-string")), SetFile: must(f.GetStringArray("set-file")),
		ReleaseName: must(f.GetString("release-name")), KubeVersion: must(f.GetString("kube-version")),
	}
}

func (t *target) useCluster(c *cobra.Command, streams Streams, p *progress) error {
	f := c.Flags()
	o := cluster.DefaultOptions()
	o.Kubeconfig, o.Context = must(f.GetString("kubeconfig")), must(f.GetString("context"))
	o.Namespaces, o.Version = must(f.GetStringSlice("namespace")), version()
	live, err := cluster.New(o)
	if err != nil {
		return err
	}
	t.source, t.Target = live, report.Target{Kind: "cluster", Name: live.Context()}
	return t.addRunningImages(c, streams, p)
}

// verdicts is the cache as analyzers want it: nil when there is none.
func (t *target) verdicts() pipeline.Cache {
	if t.cache == nil {
		return nil
	}
	return t.cache
}
