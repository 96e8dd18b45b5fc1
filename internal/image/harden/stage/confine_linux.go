package stage

import (
	"fmt"
	"os/exec"
	"runtime"
	"slices"

	"golang.org/x/sys/unix"
)

// granted are the capabilities that a program may have: those of a container,
// without making devices, raw packets and changing the root, with which it
// could leave the folder.
func granted() []int {
	return []int{
		unix.CAP_CHOWN, unix.CAP_DAC_OVERRIDE, unix.CAP_FSETID, unix.CAP_FOWNER, unix.CAP_SETGID, unix.CAP_SETUID,
		unix.CAP_SETPCAP, unix.CAP_NET_BIND_SERVICE, unix.CAP_KILL, unix.CAP_SETFCAP, unix.CAP_AUDIT_WRITE,
	}
}

// startConfined starts a program with no more capabilities than granted. They
// are dropped from the bounding set of one thread, which the program inherits
// and which ends with the goroutine.
func startConfined(c *exec.Cmd) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked
		if err := dropCapabilities(); err != nil {
			result <- err
			return
		}
		result <- c.Start()
	}()
	return <-result
}

func dropCapabilities() error {
	keep := granted()
	for capability := 0; capability <= unix.CAP_LAST_CAP; capability++ {
		if slices.Contains(keep, capability) {
			continue
		}
		err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(capability), 0, 0, 0)
		if err != nil && err != unix.EINVAL {
			return fmt.Errorf("drop capabilities: %w", err)
		}
	}
	return nil
}
