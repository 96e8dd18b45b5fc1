package layout

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/source/image/oci"
)

var errNoManifest = errors.New("not an image: it holds no manifest.json; images that Docker saved before version 1.10 must be saved anew")

// savedImage is an image in the manifest.json of "docker save".
type savedImage struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// saved reads what "docker save" wrote.
func saved(f Files, name string, w oci.Wanted) (*Found, error) {
	content, err := document(f, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoManifest
	} else if err != nil {
		return nil, err
	}
	var list []savedImage
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, fmt.Errorf("manifest.json is not what docker save writes: %w", err)
	}
	m, err := pickSaved(list, name)
	if err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	config, err := document(f, m.Config)
	if err != nil {
		return nil, fmt.Errorf("the configuration of the image: %w", err)
	}
	image := &oci.Image{ConfigID: oci.Sum("sha256:", config), ConfigText: config}
	if len(m.RepoTags) > 0 {
		image.Name = m.RepoTags[0]
	}
	if image.Config, err = oci.ParseConfig(config); err != nil {
		return nil, fmt.Errorf("the configuration %s: %w", m.Config, err)
	}
	if err := checkSaved(m, image, w); err != nil {
		return nil, err
	}
	return locateSaved(f, m, image), nil
}

// checkSaved holds that the parts belong together. A configuration that is named
// by its digest must have it.
func checkSaved(m *savedImage, image *oci.Image, w oci.Wanted) error {
	named := "sha256:" + strings.TrimSuffix(m.Config[strings.LastIndexByte(m.Config, '/')+1:], ".json")
	is := image.Config.Platform
	switch {
	case oci.CheckDigest(named) == nil && named != image.ConfigID:
		return fmt.Errorf("the configuration %s has the digest %s: the image was damaged or changed, save it anew", m.Config, image.ConfigID)
	case len(m.Layers) != len(image.Config.RootFS.DiffIDs):
		return fmt.Errorf("manifest.json has %d layers and the configuration %d: the image is damaged, save it anew", len(m.Layers), len(image.Config.RootFS.DiffIDs))
	case w.Strict && is.OS != "" && !w.Platform.Runs(is):
		return fmt.Errorf("the image is for %s and not for %s", is, w.Platform)
	}
	return nil
}

func locateSaved(f Files, m *savedImage, image *oci.Image) *Found {
	found := &Found{Image: image, files: f, paths: m.Layers}
	for i, name := range m.Layers {
		l := oci.Layer{DiffID: image.Config.RootFS.DiffIDs[i]}
		r, size, err := f.Open(name)
		if err != nil {
			l.Missing = fmt.Sprintf("its content can't be opened: %v", err)
		} else {
			_ = r.Close() // nothing was read
			l.Size = size
		}
		image.Layers = append(image.Layers, l)
	}
	return found
}

func pickSaved(list []savedImage, name string) (*savedImage, error) {
	var all []string
	for i := range list {
		m := &list[i]
		if name != "" && slices.ContainsFunc(m.RepoTags, func(tag string) bool { return names(tag, name) }) {
			return m, nil
		}
		all = append(all, m.RepoTags...)
	}
	switch {
	case len(list) == 0:
		return nil, errors.New("it lists no image")
	case name != "":
		return nil, fmt.Errorf("there is no image %q; there are %s", name, strings.Join(all[:min(len(all), 20)], ", "))
	case len(list) > 1:
		return nil, fmt.Errorf("there are %d images: choose one of %s with PATH:NAME", len(list), strings.Join(all[:min(len(all), 20)], ", "))
	}
	return &list[0], nil
}
