package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/test/cluster/filelock"
)

// kernelParameters remember the settings of the machine that every kubelet
// changes, and put them back when the last node is gone: one of them lets the
// machine restart by itself after an error in the kernel, which nobody wants
// of a workstation.
//
// The bridge plugin also turns forwarding on. That stays, because others may
// have come to rely on it meanwhile, and turning it off resets the network
// settings of the whole machine.
type kernelParameters struct {
	// root is where the kernel shows its settings.
	root string
	// folder keeps the remembered values. It must not survive a restart of
	// the machine, as the settings do not either.
	folder string
	// inUse reports whether any node is left.
	inUse func() bool
}

func machineParameters() kernelParameters {
	return kernelParameters{root: "/proc/sys", folder: "/run/foil-test-cluster", inUse: anyBridge}
}

func (k kernelParameters) names() []string {
	return []string{
		"vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops",
		"kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes",
	}
}

func (k kernelParameters) file() string { return filepath.Join(k.folder, "parameters.json") }

// RememberParameters notes the machine's settings unless another node has
// done so. The network must have been claimed before: it is the sign that the
// values are still needed.
func RememberParameters(ctx context.Context) error { return machineParameters().remember(ctx) }

func (k kernelParameters) remember(ctx context.Context) error {
	return k.locked(ctx, func() error {
		if _, err := os.Stat(k.file()); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		values := map[string]string{}
		for _, name := range k.names() {
			value, err := os.ReadFile(filepath.Join(k.root, name))
			if err != nil {
				return err
			}
			values[name] = strings.TrimSpace(string(value))
		}
		data, err := json.Marshal(values)
		if err != nil {
			return err
		}
		return os.WriteFile(k.file(), data, 0o600)
	})
}

// restore puts the settings back when no node is left.
func (k kernelParameters) restore(ctx context.Context) error {
	return k.locked(ctx, func() error {
		data, err := os.ReadFile(k.file())
		if errors.Is(err, fs.ErrNotExist) || k.inUse() {
			return nil
		}
		if err != nil {
			return err
		}
		var values map[string]string
		if err := json.Unmarshal(data, &values); err != nil {
			return err
		}
		for _, name := range k.names() {
			if err := os.WriteFile(filepath.Join(k.root, name), []byte(values[name]), 0o644); err != nil {
				return err
			}
		}
		return os.Remove(k.file())
	})
}

func (k kernelParameters) locked(ctx context.Context, action func() error) error {
	if err := os.MkdirAll(k.folder, 0o700); err != nil {
		return fmt.Errorf("keep the kernel's settings: %w", err)
	}
	lock, err := filelock.Acquire(ctx, filepath.Join(k.folder, "lock"), nil)
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := action(); err != nil {
		return fmt.Errorf("keep the kernel's settings: %w", err)
	}
	return nil
}

func anyBridge() bool {
	interfaces, err := net.Interfaces()
	if err != nil {
		// Not known is no reason to change anything.
		return true
	}
	for _, i := range interfaces {
		if strings.HasPrefix(i.Name, bridgePrefix) {
			return true
		}
	}
	return false
}
