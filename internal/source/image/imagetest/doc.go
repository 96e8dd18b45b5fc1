// Package imagetest makes small images for tests: layers of chosen entries, as an
// OCI layout in a folder or a tar, or as "docker save" writes it. It also has a
// catalog that wants every file and keeps what it was shown. It must not be
// imported by anything but tests, and knows nothing of how images are read.
package imagetest
