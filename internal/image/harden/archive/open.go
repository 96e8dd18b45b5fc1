package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// mostDocument bounds manifests and configurations.
const mostDocument = 16 << 20

// Open opens the image in a file or folder. Where there are images of several
// platforms, platform chooses, as in "linux/arm64"; empty is Linux on the
// architecture of this machine.
func Open(name, platform string) (*Image, error) {
	files, err := openStore(name)
	if err != nil {
		return nil, err
	}
	image, err := read(files, platform)
	if err != nil {
		_ = files.Close()
		return nil, fmt.Errorf("read the image in %s: %w", name, err)
	}
	image.close = files.Close
	return image, nil
}

func openStore(name string) (store, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open the image: %w", err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, err
		}
		return folderStore{root}, nil
	}
	return openTar(name)
}

func read(files store, wanted string) (*Image, error) {
	if wanted == "" {
		wanted = "linux/" + runtime.GOARCH
	}
	text, err := document(files, "index.json", "")
	if errors.Is(err, fs.ErrNotExist) {
		return readDocker(files)
	}
	if err != nil {
		return nil, err
	}
	var index manifest
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, fmt.Errorf("index.json: %w", err)
	}
	return readIndex(files, index.Manifests, wanted, 0)
}

// mostNested bounds indexes in indexes.
const mostNested = 4

// readIndex reads the image of the wanted platform.
func readIndex(files store, list []descriptor, wanted string, depth int) (*Image, error) {
	d, err := choose(list, wanted)
	if err != nil {
		return nil, err
	}
	text, err := blob(files, d.Digest)
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("manifest %s: %w", d.Digest, err)
	}
	if m.Config == nil && len(m.Manifests) > 0 && depth < mostNested {
		image, err := readIndex(files, m.Manifests, wanted, depth+1)
		if err == nil && image.Reference == "" {
			image.Reference = reference(d)
		}
		return image, err
	}
	if m.Config == nil {
		return nil, fmt.Errorf("manifest %s: it is no image", d.Digest)
	}
	image, err := readManifest(files, &m)
	if err != nil {
		return nil, err
	}
	image.Digest, image.Reference = d.Digest, reference(d)
	return image, nil
}

// reference is the name that an index gives to an image.
func reference(d descriptor) string {
	if name := d.Annotations["io.containerd.image.name"]; name != "" {
		return name
	}
	return d.Annotations["org.opencontainers.image.ref.name"]
}

// choose is the only image, or that of a platform.
func choose(list []descriptor, wanted string) (descriptor, error) {
	var images []descriptor
	for _, d := range list {
		if d.ArtifactType != "" || d.Platform != nil && d.Platform.OS == "unknown" {
			continue // signatures, attestations
		}
		p := d.Platform
		if p != nil && (p.OS+"/"+p.Architecture == wanted || p.OS+"/"+p.Architecture+"/"+p.Variant == wanted) {
			return d, nil
		}
		images = append(images, d)
	}
	if len(images) == 1 && images[0].Platform == nil {
		return images[0], nil
	}
	if len(images) == 0 {
		return descriptor{}, errors.New("there is no image in it")
	}
	return descriptor{}, fmt.Errorf("%d images, none for %s: choose with --platform", len(images), wanted)
}

func readManifest(files store, m *manifest) (*Image, error) {
	text, err := blob(files, m.Config.Digest)
	if err != nil {
		return nil, err
	}
	image := &Image{ConfigID: m.Config.Digest}
	if err := image.readConfig(text, len(m.Layers)); err != nil {
		return nil, err
	}
	for i, d := range m.Layers {
		name, err := blobName(d.Digest)
		if err != nil {
			return nil, err
		}
		image.Layers = append(image.Layers, Layer{DiffID: image.Config.RootFS.DiffIDs[i], Digest: d.Digest,
			open: func() (io.ReadCloser, error) { return files.open(name) }})
	}
	return image, nil
}

func (i *Image) readConfig(text []byte, layers int) error {
	if err := json.Unmarshal(text, &i.Config); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if n := len(i.Config.RootFS.DiffIDs); n != layers {
		return fmt.Errorf("the manifest has %d layers, the configuration %d", layers, n)
	}
	return nil
}

// readDocker reads what docker save wrote before it wrote OCI layouts.
func readDocker(files store) (*Image, error) {
	text, err := document(files, "manifest.json", "")
	if err != nil {
		return nil, fmt.Errorf("neither an OCI layout nor a docker archive: %w", err)
	}
	var list []dockerManifest
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("%d images in one archive: save one alone", len(list))
	}
	config, err := document(files, list[0].Config, "")
	if err != nil {
		return nil, err
	}
	image := &Image{ConfigID: digest(config)}
	if len(list[0].RepoTags) > 0 {
		image.Reference = list[0].RepoTags[0]
	}
	if err := image.readConfig(config, len(list[0].Layers)); err != nil {
		return nil, err
	}
	for i, name := range list[0].Layers {
		image.Layers = append(image.Layers, Layer{DiffID: image.Config.RootFS.DiffIDs[i],
			open: func() (io.ReadCloser, error) { return files.open(name) }})
	}
	return image, nil
}

// blob reads a document by its digest.
func blob(files store, digest string) ([]byte, error) {
	name, err := blobName(digest)
	if err != nil {
		return nil, err
	}
	return document(files, name, digest)
}

// document reads a small file, and checks it when its digest is known.
func document(files store, name, want string) ([]byte, error) {
	f, err := files.open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, mostDocument+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > mostDocument:
		return nil, fmt.Errorf("%s is larger than %d bytes", name, mostDocument)
	case want != "" && digest(text) != want:
		return nil, fmt.Errorf("%s does not have the digest in its name: the image is damaged", name)
	}
	return text, nil
}

// blobName is the file of a blob in a layout.
func blobName(digest string) (string, error) {
	hash, ok := strings.CutPrefix(digest, "sha256:")
	if raw, err := hex.DecodeString(hash); !ok || err != nil || len(raw) != sha256.Size {
		return "", fmt.Errorf("digest %q: only sha256 is understood", digest)
	}
	return "blobs/sha256/" + hash, nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
