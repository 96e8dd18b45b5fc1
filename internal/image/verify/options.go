package verify

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/verifier/truststore"

	"github.com/foilsec/foil/internal/image/registry"
)

// Options say what to verify with.
type Options struct {
	// Policy decides about signatures of Notation; without it they are shown and
	// not verified.
	Policy     *Policy
	TrustStore string // folder that holds x509/{ca,signingAuthority,tsa}/NAME
	// Scope is the repository by which the policy knows the image, where that
	// is not where it was found: of a layout, of a mirror.
	Scope        string
	Plugins      string // folder of Notation's plugins; empty: none
	PluginConfig map[string]string
	Metadata     map[string]string // what a signature of Notation has to state
	// Cosign decides about signatures of Cosign; without keys and identities
	// they are shown and not verified.
	Cosign CosignOptions

	CRLCache      string // folder of kept revocation lists, that of Notation; empty: none are kept
	Offline       bool   // ask no authority: kept revocation lists must do
	MaxSignatures int    // how many to look at for one image; 0: 50
	Client        *http.Client
	Registry      registry.Options
}

const (
	defaultMaxSignatures = 50
	// authorityTimeout bounds one question to an authority.
	authorityTimeout = 5 * time.Second
)

func (o Options) withDefaults() Options {
	if o.MaxSignatures <= 0 {
		o.MaxSignatures = defaultMaxSignatures
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: authorityTimeout}
	}
	return o
}

// Home is the folder in which Notation keeps the trust policy, the trust store
// and plugins of a user.
func Home() (string, error) {
	config, err := os.UserConfigDir()
	return filepath.Join(config, "notation"), err
}

// CacheHome is the folder in which Notation keeps revocation lists.
func CacheHome() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "notation", dir.PathCRLCache), err
}

// storeFolder is a trust store that stands by itself: the library looks for it
// below the configuration folder.
type storeFolder string

// Open implements fs.FS.
func (f storeFolder) Open(name string) (fs.File, error) {
	return os.DirFS(string(f)).Open(f.inside(name))
}

// SysPath implements dir.SysFS.
func (f storeFolder) SysPath(items ...string) (string, error) {
	return filepath.Join(string(f), f.inside(filepath.Join(items...))), nil
}

func (f storeFolder) inside(name string) string {
	return strings.TrimPrefix(filepath.ToSlash(name), dir.TrustStoreDir+"/")
}

func (o *Options) store() truststore.X509TrustStore {
	folder := o.TrustStore
	if inner := filepath.Join(folder, dir.TrustStoreDir); isFolder(inner) {
		folder = inner // the user named the folder above
	}
	return truststore.NewX509TrustStore(storeFolder(folder))
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (o *Options) plugins() plugin.Manager {
	if o.Plugins == "" {
		return nil
	}
	return plugin.NewCLIManager(dir.NewSysFS(o.Plugins))
}
