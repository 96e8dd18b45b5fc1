package stage

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// memory is how much a program may write.
const memory = "size=2g"

// mountRoot lays a writable layer over the root folder of an image and gives it
// the file systems of a container. It returns where.
func mountRoot(root, scratch string) (string, error) {
	if err := unix.Mount("", "/", "", unix.MS_PRIVATE|unix.MS_REC, ""); err != nil {
		return "", fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("tmpfs", scratch, "tmpfs", 0, memory+",mode=755"); err != nil {
		return "", fmt.Errorf("mount memory on %s: %w", scratch, err)
	}
	merged := filepath.Join(scratch, "root")
	for _, name := range []string{"root", "upper", "work"} {
		if err := os.Mkdir(filepath.Join(scratch, name), 0o755); err != nil { //nolint:gosec // open to all in the image
			return "", err
		}
	}
	layers := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", escape(root), escape(filepath.Join(scratch, "upper")), escape(filepath.Join(scratch, "work")))
	if err := unix.Mount("overlay", merged, "overlay", 0, layers); err != nil {
		return "", fmt.Errorf("mount an overlay of %s: %w", root, err)
	}
	for _, step := range []func(string) error{mountProc, mountDevices, writeNames} {
		if err := step(merged); err != nil {
			return "", err
		}
	}
	return merged, nil
}

// escape writes a path as an option of an overlay.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `:`, `\:`, `,`, `\,`).Replace(path)
}

func mountProc(root string) error {
	target, err := mountPoint(root, "proc")
	if err != nil {
		return err
	}
	if err := unix.Mount("proc", target, "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount proc: %w", err)
	}
	// What could change the machine is read-only, and what tells of its memory is
	// empty, as in a container.
	for _, name := range []string{"bus", "fs", "irq", "sys", "sysrq-trigger"} {
		if err := makeReadOnly(filepath.Join(target, name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"kcore", "keys", "timer_list", "kpagecount", "kpageflags", "kmsg"} {
		if err := coverFile(filepath.Join(target, name)); err != nil {
			return err
		}
	}
	return nil
}

// makeReadOnly forbids writing below a path, if it is there.
func makeReadOnly(path string) error {
	if _, err := os.Lstat(path); err != nil {
		return nil //nolint:nilerr // kernels differ in what they have
	}
	if err := unix.Mount(path, path, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("mount %s: %w", path, err)
	}
	if err := unix.Mount("", path, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("make %s read-only: %w", path, err)
	}
	return nil
}

// coverFile puts an empty device over a file, if it is there.
func coverFile(path string) error {
	if _, err := os.Lstat(path); err != nil {
		return nil //nolint:nilerr // kernels differ in what they have
	}
	if err := unix.Mount(os.DevNull, path, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("cover %s: %w", path, err)
	}
	return nil
}

// mountPoint is a folder of the image, which must not be a link.
func mountPoint(root, name string) (string, error) {
	target := filepath.Join(root, name)
	info, err := os.Lstat(target)
	switch {
	case os.IsNotExist(err):
		return target, os.Mkdir(target, 0o755) //nolint:gosec // as in a container
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", fmt.Errorf("/%s in the image is no folder", name)
	}
	return target, nil
}

// devices are those that every container has.
func devices() map[string]uint64 {
	return map[string]uint64{
		"null": unix.Mkdev(1, 3), "zero": unix.Mkdev(1, 5), "full": unix.Mkdev(1, 7),
		"random": unix.Mkdev(1, 8), "urandom": unix.Mkdev(1, 9), "tty": unix.Mkdev(5, 0),
	}
}

func mountDevices(root string) error {
	target, err := mountPoint(root, "dev")
	if err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", target, "tmpfs", unix.MS_NOSUID|unix.MS_NOEXEC, "size=64m,mode=755"); err != nil {
		return fmt.Errorf("mount dev: %w", err)
	}
	for name, device := range devices() {
		path := filepath.Join(target, name)
		if err := unix.Mknod(path, unix.S_IFCHR|0o666, int(device)); err != nil {
			return fmt.Errorf("make the device %s: %w", name, err)
		}
		if err := os.Chmod(path, 0o666); err != nil { //nolint:gosec // as in a container
			return err
		}
	}
	for name, to := range map[string]string{"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(to, filepath.Join(target, name)); err != nil {
			return err
		}
	}
	shared := filepath.Join(target, "shm")
	if err := os.Mkdir(shared, 0o700); err != nil {
		return err
	}
	return os.Chmod(shared, 0o777|os.ModeSticky)
}

// writeNames writes the names that a container runtime writes. The layer over
// the image takes them.
func writeNames(root string) error {
	etc, err := mountPoint(root, "etc")
	if err != nil {
		return err
	}
	files := map[string]string{"hosts": "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 foil\n", "hostname": "foil\n", "resolv.conf": ""}
	for name, content := range files {
		path := filepath.Join(etc, name)
		// A link could lead out of the image.
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil { //nolint:gosec // as in a container
			return err
		}
	}
	return unix.Sethostname([]byte("foil"))
}

// loopbackUp switches the loopback device on.
func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("switch the loopback device on: %w", err)
	}
	defer func() { _ = unix.Close(s) }()
	device, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	device.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, device); err != nil {
		return fmt.Errorf("switch the loopback device on: %w", err)
	}
	return nil
}
