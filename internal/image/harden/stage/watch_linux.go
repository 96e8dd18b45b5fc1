package stage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// watcher collects what is opened below a mount point.
type watcher struct {
	root string
	file *os.File
	done chan struct{}

	mutex            sync.Mutex
	opened, executed map[string]bool
	lost             bool
	last             time.Time // when something new was opened
}

func newWatcher(root string) (*watcher, error) {
	fd, err := unix.FanotifyInit(unix.FAN_CLASS_NOTIF|unix.FAN_CLOEXEC|unix.FAN_NONBLOCK|unix.FAN_UNLIMITED_QUEUE, unix.O_RDONLY|unix.O_LARGEFILE|unix.O_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("watch what is opened, with fanotify: %w", err)
	}
	if err := unix.FanotifyMark(fd, unix.FAN_MARK_ADD|unix.FAN_MARK_MOUNT, unix.FAN_OPEN|unix.FAN_OPEN_EXEC, unix.AT_FDCWD, root); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("watch what is opened in %s, with fanotify: %w", root, err)
	}
	w := &watcher{root: root, file: os.NewFile(uintptr(fd), "fanotify"), done: make(chan struct{}),
		opened: map[string]bool{}, executed: map[string]bool{}, last: time.Now()}
	go w.read()
	return w, nil
}

// read takes events until the file is closed.
func (w *watcher) read() {
	defer close(w.done)
	buffer := make([]byte, 64<<10)
	for {
		n, err := w.file.Read(buffer)
		if err != nil {
			if !errors.Is(err, os.ErrClosed) {
				w.mutex.Lock()
				w.lost = true
				w.mutex.Unlock()
			}
			return
		}
		w.take(buffer[:n])
	}
}

// eventSize is the size of struct fanotify_event_metadata: length (4 bytes),
// version, reserved, length of itself (2), mask (8), descriptor (4), process (4).
const eventSize = 24

func (w *watcher) take(events []byte) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for len(events) >= eventSize {
		length := int(binary.NativeEndian.Uint32(events))
		mask := binary.NativeEndian.Uint64(events[8:])
		fd := int32(binary.NativeEndian.Uint32(events[16:]))
		if length < eventSize || length > len(events) {
			w.lost = true
			return
		}
		events = events[length:]
		if mask&unix.FAN_Q_OVERFLOW != 0 || fd < 0 {
			w.lost = w.lost || mask&unix.FAN_Q_OVERFLOW != 0
			continue
		}
		w.note(int(fd), mask)
		_ = unix.Close(int(fd))
	}
}

// note remembers the file of an event.
func (w *watcher) note(fd int, mask uint64) {
	path, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	if err != nil {
		return
	}
	name, ok := strings.CutPrefix(path, w.root+"/")
	if !ok {
		return
	}
	if !w.opened[name] {
		w.opened[name] = true
		w.last = time.Now()
	}
	if mask&unix.FAN_OPEN_EXEC != 0 {
		w.executed[name] = true
	}
}

// settle waits until nothing new is opened for a while.
func (w *watcher) settle(quiet, most time.Duration) {
	end := time.Now().Add(most)
	for {
		w.mutex.Lock()
		still := time.Since(w.last) >= quiet
		w.mutex.Unlock()
		if still || time.Now().After(end) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// finish takes the last events and puts all into the result.
func (w *watcher) finish(r *Result) {
	w.settle(50*time.Millisecond, time.Second)
	_ = w.file.Close()
	<-w.done
	r.Opened = slices.Sorted(maps.Keys(w.opened))
	r.Executed = slices.Sorted(maps.Keys(w.executed))
	r.Lost = w.lost
}
