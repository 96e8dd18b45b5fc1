package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Kind is a daemon that saves images over HTTP.
type Kind string

// The kinds.
const (
	Docker Kind = "docker"
	Podman Kind = "podman"
)

// sockets are where a daemon usually listens.
func (k Kind) sockets() []string {
	runtime := os.Getenv("XDG_RUNTIME_DIR")
	named, usual := "DOCKER_HOST", []string{"/var/run/docker.sock", filepath.Join(runtime, "docker.sock")}
	if k == Podman {
		named, usual = "CONTAINER_HOST", []string{filepath.Join(runtime, "podman", "podman.sock"), "/run/podman/podman.sock"}
	}
	if host := os.Getenv(named); host != "" {
		return []string{host}
	}
	return usual
}

// find is the socket to use: the one given, or the first that exists.
func find(given string, usual []string, kind string) (string, error) {
	if given != "" {
		usual = []string{given}
	}
	for _, place := range usual {
		path := strings.TrimPrefix(place, "unix://")
		if strings.Contains(path, "://") {
			return "", fmt.Errorf("%s listens at %s: foil speaks to sockets on this machine only", kind, place)
		}
		if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not running here: there is no socket at %s", kind, strings.Join(usual, " or "))
}

// Save asks a daemon for an image, as a stream in the form of "docker save".
func Save(ctx context.Context, k Kind, socket, name string) (io.ReadCloser, error) {
	path, err := find(socket, k.sockets(), string(k))
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
		DisableKeepAlives: true,
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+string(k)+"/images/"+url.PathEscape(name)+"/get", nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask %s for %s: %w", k, name, err)
	}
	if response.StatusCode == http.StatusOK {
		return response.Body, nil
	}
	defer response.Body.Close()
	return nil, fmt.Errorf("%s has no image %s: %w", k, name, refusal(response))
}

// refusal is what a daemon says when it does not do what it was asked for.
func refusal(r *http.Response) error {
	var said struct{ Message string }
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil || json.Unmarshal(text, &said) != nil || said.Message == "" {
		return errors.New(r.Status)
	}
	return errors.New(said.Message)
}
