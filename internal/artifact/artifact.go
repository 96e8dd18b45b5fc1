package artifact

import (
	"strings"
	"time"
)

// Form is what an artifact was read as.
type Form string

// The forms.
const (
	Container Form = "image"    // a container image: layers and a configuration
	Folder    Form = "folder"   // a root file system or any other folder
	File      Form = "file"     // one file: a program, an archive, a lock file
	Bill      Form = "bill"     // a bill of materials
	Purls     Form = "packages" // package URLs by themselves
)

// Artifact is one thing with packages inside, and all that is known of it.
type Artifact struct {
	Form      Form
	Reference string // as it was asked for: "nginx:1.29", "shop.tar"
	Digest    string // of the manifest, "sha256:…"; empty when it has none
	ConfigID  string // digest of the image's configuration; empty when it has none
	Platform  string // "linux/amd64"
	Created   time.Time
	OS        OS
	Config    Config
	Layers    []Layer
	Base      Base
	Packages  []Package
	Programs  []Program
	Secrets   []Secret
	Documents []Document // statements that travel inside, such as VEX
	Gaps      []Gap      // what could not be read
}

// System is the kernel that the artifact is for, "linux", which it is unless its
// platform says otherwise.
func (a *Artifact) System() string {
	if system, _, found := strings.Cut(a.Platform, "/"); found && system != "" {
		return system
	}
	return "linux"
}

// OS is the operating system, from os-release(5).
type OS struct {
	ID        string   `json:"id,omitempty"`        // "debian"
	VersionID string   `json:"versionID,omitempty"` // "12", "3.20.1"; empty for rolling releases
	Codename  string   `json:"codename,omitempty"`  // "bookworm"
	Name      string   `json:"name,omitempty"`      // PRETTY_NAME
	Like      []string `json:"like,omitempty"`      // ID_LIKE
	Path      string   `json:"path,omitempty"`      // the file that says so
}

// Config is what an image says about how it is run (OCI image config).
type Config struct {
	User       string            `json:"user,omitempty"`
	Entrypoint []string          `json:"entrypoint,omitempty"`
	Cmd        []string          `json:"cmd,omitempty"`
	EnvNames   []string          `json:"envNames,omitempty"` // values may be secret
	Ports      []string          `json:"ports,omitempty"`    // "8080/tcp"
	Labels     map[string]string `json:"labels,omitempty"`
}

// Layer is one layer of an image, lowest first.
type Layer struct {
	Index    int    `json:"index"`
	DiffID   string `json:"diffID,omitempty"`  // digest of the uncompressed archive
	ChainID  string `json:"chainID,omitempty"` // digest of this layer and all below (OCI image spec)
	Digest   string `json:"digest,omitempty"`  // of the blob as stored
	Size     int64  `json:"size,omitempty"`    // of the blob, in bytes
	Command  string `json:"command,omitempty"` // the build step, as the image's history has it
	FromBase bool   `json:"fromBase,omitempty"`
}

// Base is the image that an image was built on.
type Base struct {
	Reference string `json:"reference,omitempty"` // "docker.io/library/debian:12"
	Digest    string `json:"digest,omitempty"`
	Layers    int    `json:"layers,omitempty"` // how many of the lowest layers come from it
	Known     string `json:"known,omitempty"`  // how it is known: "layers", "label"
}

// Package is one installed package.
type Package struct {
	Name    string `json:"name"` // as its system writes it
	Version string `json:"version,omitempty"`
	PURL    string `json:"purl,omitempty"` // package URL with version, normalised
	// Ecosystem is the name that OSV gives to the system, with the release where
	// it has one: "Debian:12", "Alpine:v3.20", "Go", "npm", "PyPI", "Maven".
	Ecosystem string `json:"ecosystem,omitempty"`
	// SourceName and SourceVersion are what the package was built from (Debian
	// source, Alpine origin, RPM source); empty when there is no such notion.
	SourceName    string   `json:"sourceName,omitempty"`
	SourceVersion string   `json:"sourceVersion,omitempty"`
	Architecture  string   `json:"architecture,omitempty"`
	Module        string   `json:"module,omitempty"` // RPM modularity label
	Licenses      []string `json:"licenses,omitempty"`
	Locations     []string `json:"locations,omitempty"` // files that say so, first the main one
	Layer         int      `json:"layer"`               // index of the layer that brought it; -1 when not known
	Owner         string   `json:"owner,omitempty"`     // purl of the system package that installed it
	Essential     bool     `json:"essential,omitempty"` // its system says that nothing works without it
	Requires      []string `json:"requires,omitempty"`  // names of packages that it needs, of the same system
	Stripped      bool     `json:"stripped,omitempty"`  // some of its files were removed on purpose
}

// Program is an executable whose linked functions are known.
type Program struct {
	Path    string  `json:"path"`
	Layer   int     `json:"layer"`
	Symbols Symbols `json:"symbols,omitempty"`
}

// Secret is a credential that should not be there. The value is never kept.
type Secret struct {
	Rule     string `json:"rule"`  // id of what recognised it: "private-key"
	Title    string `json:"title"` // "RSA private key"
	Path     string `json:"path"`
	Line     int    `json:"line,omitempty"`
	Layer    int    `json:"layer"`
	Deleted  bool   `json:"deleted,omitempty"` // removed by a later layer, still in the image
	Redacted string `json:"redacted,omitempty"`
}

// Document is a file inside that says something about the packages.
type Document struct {
	Path    string `json:"path"`
	Layer   int    `json:"layer"`
	Kind    string `json:"kind"` // "openvex", "csaf", "cyclonedx", "spdx"
	Content []byte `json:"content,omitempty"`
}

// Gap is a part of the artifact that could not be read.
type Gap struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
	// Ecosystems are those whose packages may be missing; empty when unknown.
	Ecosystems []string `json:"ecosystems,omitempty"`
}
