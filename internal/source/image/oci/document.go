package oci

import "strings"

// Descriptor names a blob.
type Descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	URLs        []string          `json:"urls,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    *Platform         `json:"platform,omitempty"`
}

// The media types that decide how a document is read.
const (
	TypeIndex          = "application/vnd.oci.image.index.v1+json"
	TypeManifest       = "application/vnd.oci.image.manifest.v1+json"
	TypeDockerList     = "application/vnd.docker.distribution.manifest.list.v2+json"
	TypeDockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	TypeConfig         = "application/vnd.oci.image.config.v1+json"
	TypeDockerConfig   = "application/vnd.docker.container.image.v1+json"
)

// Foreign reports whether a layer may be kept somewhere else, by its media type.
func (d Descriptor) Foreign() bool {
	return strings.Contains(d.MediaType, ".foreign.") || strings.Contains(d.MediaType, ".nondistributable.")
}

// isArchive reports whether a layer is a tar archive, compressed or not.
func (d Descriptor) isArchive() bool {
	return d.MediaType == "" || strings.Contains(d.MediaType, "tar")
}

// Annotations and labels that name things.
const (
	RefName       = "org.opencontainers.image.ref.name"
	ImageName     = "io.containerd.image.name"
	BaseName      = "org.opencontainers.image.base.name"
	BaseDigest    = "org.opencontainers.image.base.digest"
	dockerPurpose = "vnd.docker.reference.type"
)

// document is an index or a manifest: which one shows in what it holds.
type document struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	ArtifactType  string            `json:"artifactType"`
	Manifests     []Descriptor      `json:"manifests"`
	Config        Descriptor        `json:"config"`
	Layers        []Descriptor      `json:"layers"`
	Annotations   map[string]string `json:"annotations"`
}

// Config is the configuration of an image.
type Config struct {
	Created string `json:"created"` // RFC 3339, if the builder kept to it
	Platform
	Config struct {
		User         string
		ExposedPorts map[string]struct{}
		Env          []string
		Entrypoint   []string
		Cmd          []string
		Labels       map[string]string
	} `json:"config"`
	RootFS struct {
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
	History []Step `json:"history"`
}

// Step is a step of the build.
type Step struct {
	CreatedBy  string `json:"created_by"`
	EmptyLayer bool   `json:"empty_layer"`
}

// Image is one image, ready to be read.
type Image struct {
	Name     string // by which its store knows it; may be empty
	Digest   string // of the manifest; empty when it has none
	ConfigID string
	// ConfigText is the configuration as it was read, for whoever writes another.
	ConfigText  []byte
	Annotations map[string]string
	Config      Config
	Layers      []Layer
}

// Layer is one layer, lowest first.
type Layer struct {
	Descriptor
	DiffID string
	// Missing says why the layer can't be read; empty when it can.
	Missing string
}
