package rootfs

import (
	"io/fs"
	"time"
)

// Kind is what an entry is.
type Kind uint8

// The kinds. Devices and pipes of an image are left out: container runtimes
// make their own.
const (
	Folder Kind = iota
	File
	Link
)

// The bits of a mode beside the permissions, as tar and stat write them.
const (
	SetUID uint32 = 0o4000
	SetGID uint32 = 0o2000
	Sticky uint32 = 0o1000
)

// Entry is one name in the tree.
type Entry struct {
	Path     string // slash-separated, without a leading slash
	Kind     Kind
	Mode     uint32 // permissions, SetUID, SetGID, Sticky
	UID, GID int
	Target   string // of a link, as written
	Size     int64
	ModTime  time.Time
	Xattrs   map[string]string // by name, as PAX records have them: "security.capability"
	// Inode is the same for names that share one content.
	Inode int
	// Content replaces what the folder holds, when it is not nil.
	Content []byte

	layer int
}

// Executable reports whether anybody may execute a file.
func (e *Entry) Executable() bool { return e.Kind == File && e.Mode&0o111 != 0 }

// fileMode is the mode as package fs writes it.
func (e *Entry) fileMode() fs.FileMode {
	mode := fs.FileMode(e.Mode & 0o777)
	for bit, flag := range map[uint32]fs.FileMode{SetUID: fs.ModeSetuid, SetGID: fs.ModeSetgid, Sticky: fs.ModeSticky} {
		if e.Mode&bit != 0 {
			mode |= flag
		}
	}
	return mode
}
