package node

import (
	"context"
	_ "embed" // for the pause program
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/test/cluster/machine"
)

// The images that every node has from the start.
const (
	PauseImage   = "foil.test/pause:1"
	BusyboxImage = "foil.test/busybox:1"
)

//go:embed pause/pause.c
var pauseSource string

const searchPath = "PATH=/bin"

// StockImages makes the images that every node has.
func StockImages(ctx context.Context, l Layout) ([]Image, error) {
	pause, err := pauseImage(ctx, l)
	if err != nil {
		return nil, err
	}
	busybox, err := busyboxImage(ctx)
	if err != nil {
		return nil, err
	}
	return []Image{pause, busybox}, nil
}

func pauseImage(ctx context.Context, l Layout) (Image, error) {
	program := filepath.Join(l.root, "pause")
	_, err := runWithInput(ctx, strings.NewReader(pauseSource), "gcc", "-Os", "-s", "-static", "-x", "c", "-o", program, "-")
	if err != nil {
		return Image{}, fmt.Errorf("compile the pause program: %w", err)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		return Image{}, fmt.Errorf("read the pause program: %w", err)
	}
	return Image{
		Name: PauseImage, Command: []string{"/pause"}, Env: []string{searchPath},
		Files: []File{{Path: "pause", Mode: 0o755, Content: content}},
	}, nil
}

// busyboxImage packs the machine's static busybox with a link for each of the
// commands that it has.
func busyboxImage(ctx context.Context) (Image, error) {
	path, err := machine.Find("busybox")
	if err != nil {
		return Image{}, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return Image{}, fmt.Errorf("read busybox: %w", err)
	}
	applets, err := run(ctx, path, "--list")
	if err != nil {
		return Image{}, fmt.Errorf("list the commands of busybox: %w", err)
	}
	files := append(busyboxFolders(),
		File{Path: "bin/busybox", Mode: 0o755, Content: content},
		File{Path: "etc/passwd", Mode: 0o644, Content: []byte("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")},
		File{Path: "etc/group", Mode: 0o644, Content: []byte("root:x:0:\nnobody:x:65534:\n")},
	)
	for applet := range strings.FieldsSeq(applets) {
		if applet != "busybox" {
			files = append(files, File{Path: "bin/" + applet, Mode: 0o777, Link: "busybox"})
		}
	}
	return Image{Name: BusyboxImage, Command: []string{"sh"}, Env: []string{searchPath}, Files: files}, nil
}

func busyboxFolders() []File {
	return []File{
		{Path: "bin/", Mode: 0o755, Folder: true},
		{Path: "etc/", Mode: 0o755, Folder: true},
		{Path: "root/", Mode: 0o700, Folder: true},
		{Path: "tmp/", Mode: 0o1777, Folder: true},
	}
}
