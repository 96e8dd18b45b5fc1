package image

import (
	"io"
	"net/http"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/layer"
)

// Options select what is read and how.
type Options struct {
	// Reference says which image: a path or a name, behind one of the [Schemes]
	// or as it is.
	Reference string
	// Stdin is what "-" reads.
	Stdin io.Reader
	// Platform selects one image of several, "linux/arm64"; Linux on the
	// processor that runs foil when empty.
	Platform string
	// Catalog recognises files.
	Catalog catalog.Catalog
	// Complete, if set, adds what only the whole artifact tells, such as what bills
	// of materials inside of it list.
	Complete func(*artifact.Artifact)
	// Scope is what of the layers counts.
	Scope Scope
	// Cache, if set, remembers what layers held and which images were seen.
	Cache Cache
	// Spill is the folder for what has to be kept beside; the system's folder for
	// temporary files when empty.
	Spill string
	// Limits bound what hostile input may cost.
	Limits Limits
	// KnownBases are images that others may be built on, by their ChainID.
	KnownBases map[string]artifact.Base
	// Registry says how registries are spoken to.
	Registry Registry
	// Sockets are where daemons listen; the usual places when empty.
	Sockets Sockets
	// Workers is how many layers are read at the same time; two when zero. What
	// is read does not depend on it.
	Workers int
	// Progress, if set, is told how far reading is. Calls do not overlap.
	Progress func(Progress)
	// Clock tells when something was read; time.Now when nil.
	Clock func() time.Time
}

// Scope is what of the layers counts.
type Scope uint8

// The scopes.
const (
	Squashed  Scope = iota // what a container would see
	AllLayers              // also what later layers removed
)

// Progress is how far reading is.
type Progress struct {
	Done, Layers int   // layers that are read, and all
	Bytes, Total int64 // of the layers as they are stored
}

// Cache remembers results. Both methods may be called at the same time from
// several goroutines. What it gives back is checked.
type Cache interface {
	Get(key string) (value []byte, ok bool)
	Put(key string, value []byte)
}

// Limits bound what input may cost. The zero value of a field means the default.
type Limits struct {
	layer.Limits
	// Archive is the size of the largest archive that is kept beside, since it
	// can't be read where it is; 64 GiB when zero.
	Archive int64
}

// Registry says how registries are spoken to.
type Registry struct {
	// PlainHTTP also speaks to registries without TLS that are not on this
	// machine.
	PlainHTTP bool
	// Mirrors are asked before the registry itself: host → hosts.
	Mirrors map[string][]string
	// Transport carries the requests; one with the usual proxies when nil.
	Transport http.RoundTripper
	// Timeout bounds how long a registry may be silent; a minute when zero.
	Timeout time.Duration
}

// Sockets are where daemons listen.
type Sockets struct {
	Docker, Podman, Containerd string
	// Namespaces are those of containerd that are searched, in this order;
	// "k8s.io", "default" and "moby" when empty.
	Namespaces []string
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Limits.Archive <= 0 {
		o.Limits.Archive = 64 << 30
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Registry.Timeout <= 0 {
		o.Registry.Timeout = time.Minute
	}
	o.Limits.Limits = o.Limits.Limits.WithDefaults()
	return o
}
