package manifest

import (
	"io"
	"runtime"
	"time"

	"github.com/foilsec/foil/internal/source/manifest/helmchart"
	"github.com/foilsec/foil/internal/source/manifest/kustomization"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// Options select what is read and how.
type Options struct {
	// Paths are files, folders and "-" for standard input.
	Paths []string
	// Stdin is what "-" reads.
	Stdin io.Reader
	// Namespace, if set, is where objects go that name no namespace, as with
	// kubectl apply -n; objects that name another one are left out.
	Namespace string
	// Helm says how charts are rendered.
	Helm helmchart.Options
	// Workers is how many files and documents are read at the same time; the
	// number of processors when zero. What is read does not depend on it.
	Workers int
	// Limits bound what hostile input may cost.
	Limits Limits
	// Clock tells when a file was read; time.Now when nil.
	Clock func() time.Time
	// Progress, if set, is told how many of the files were read. Calls do not
	// overlap.
	Progress func(done, total int)
	// Cache, if set, remembers the documents of files that do not change.
	Cache Cache
}

// Cache remembers what files held. Both methods may be called at the same time
// from several goroutines. What it gives back is checked: a cache that lies
// can make a scan slower but not crash it.
type Cache interface {
	Get(key string) (value []byte, ok bool)
	Put(key string, value []byte)
}

// Limits bound what input may cost. The zero value of a field means the
// default.
type Limits struct {
	// Limits of one file.
	yamldoc.Limits
	// Chart are the limits of one chart.
	Chart helmchart.Limits
	// Kustomization are the limits of one Kustomize build.
	Kustomization kustomization.Limits
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Limits.Limits = o.Limits.Limits.WithDefaults()
	if o.Helm.Namespace == "" {
		o.Helm.Namespace = o.Namespace
	}
	return o
}
