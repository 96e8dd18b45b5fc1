// Package stage runs the program of an image in a root folder, checks it from
// outside, and says which files it opened.
//
// The parent starts a second foil process in new mount, process, network, IPC
// and host name spaces. That process lays a writable layer of memory over the
// folder, marks it for fanotify, starts the program in it with the rights that
// a container has, runs the checks in the same network, which has nothing but a
// loopback device, and writes one result. All mounts and processes end with it,
// also when foil is interrupted or killed. The folder itself is never written.
//
// Programs that embed the package call Serve when their arguments are
// Arguments. It needs Linux and the rights of root.
package stage
