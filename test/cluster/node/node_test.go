package node

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestArchiveDescribesItsLayer(t *testing.T) {
	image := Image{Name: "foil.test/x:1", Command: []string{"/x"}, Files: []File{
		{Path: "bin/", Mode: 0o755, Folder: true},
		{Path: "x", Mode: 0o755, Content: []byte("program")},
		{Path: "bin/y", Mode: 0o777, Link: "../x"},
	}}
	var archive bytes.Buffer
	if err := image.Archive(&archive); err != nil {
		t.Fatal(err)
	}
	outer := readTar(t, archive.Bytes())
	var manifest []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
	decode(t, outer["manifest.json"].content, &manifest)
	var config struct {
		Config struct{ Cmd []string }
		RootFS struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	decode(t, outer[manifest[0].Config].content, &config)
	layer := outer[manifest[0].Layers[0]].content
	sum := sha256.Sum256(layer)
	if want := "sha256:" + hex.EncodeToString(sum[:]); config.RootFS.DiffIDs[0] != want {
		t.Errorf("the configuration names layer %s, it is %s", config.RootFS.DiffIDs[0], want)
	}
	if manifest[0].RepoTags[0] != image.Name || config.Config.Cmd[0] != "/x" {
		t.Errorf("manifest %+v, configuration %+v", manifest, config)
	}
	inner := readTar(t, layer)
	if f := inner["x"]; string(f.content) != "program" || f.header.Mode != 0o755 {
		t.Errorf("file: %+v", f)
	}
	if f := inner["bin/y"]; f.header.Typeflag != tar.TypeSymlink || f.header.Linkname != "../x" {
		t.Errorf("link: %+v", f.header)
	}
	if f := inner["bin/"]; f.header.Typeflag != tar.TypeDir {
		t.Errorf("folder: %+v", f.header)
	}
}

type entry struct {
	header  *tar.Header
	content []byte
}

func readTar(t *testing.T, data []byte) map[string]entry {
	t.Helper()
	entries := map[string]entry{}
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return entries
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		entries[header.Name] = entry{header, content}
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
}

func TestNetworksDoNotMeet(t *testing.T) {
	seen := map[string]int{}
	for number := range maxNumber {
		n := Network{Number: number}
		for _, name := range []string{n.Bridge(), n.Gateway(), n.Subnet(), n.table(), n.ownCgroup()} {
			if other, taken := seen[name]; taken {
				t.Errorf("networks %d and %d share %s", other, number, name)
			}
			seen[name] = number
		}
		if len(n.Bridge()) > 15 {
			t.Errorf("the kernel refuses the interface name %s", n.Bridge())
		}
	}
}

func TestLongFolderIsRefused(t *testing.T) {
	_, err := NewLayout(filepath.Join(t.TempDir(), strings.Repeat("x", 100)))
	if err == nil || !strings.Contains(err.Error(), "use a shorter cluster folder") {
		t.Errorf("error: %v", err)
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		folder, path string
		want         bool
	}{
		{"/a/b", "/a/b", true},
		{"/a/b", "/a/b/c", true},
		{"/a/b", "/a/bc", false},
		{"/a/b", "/a", false},
		{"/", "/a", true},
	} {
		if got := within(test.folder, test.path); got != test.want {
			t.Errorf("within(%s, %s) = %t", test.folder, test.path, got)
		}
	}
}

func TestConfigurationStaysInItsFolder(t *testing.T) {
	// The test's own folder would be too long for the socket.
	folder, err := os.MkdirTemp("", "foil")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	layout, err := NewLayout(folder)
	if err != nil {
		t.Fatal(err)
	}
	config := Kubelet{Port: 1, HealthPort: 2}.configuration(layout, Network{Number: 3}, "/foil-3")
	for _, key := range []string{"podLogsDir", "volumePluginDir"} {
		if path, _ := config[key].(string); !within(layout.root, path) {
			t.Errorf("%s is %q, outside of %s", key, path, layout.root)
		}
	}
	if config["address"] != "10.244.3.1" || config["cgroupRoot"] != "/foil-3" {
		t.Errorf("address %v, cgroup %v", config["address"], config["cgroupRoot"])
	}
}
