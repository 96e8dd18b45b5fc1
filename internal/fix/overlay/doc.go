// Package overlay writes a change of an object as a patch of its own: the
// strategic merge patch that Kustomize and `kubectl patch` take. It is what
// fixes come to when there is no file whose text says what the object is: for
// objects of a cluster, and for what a template computes.
package overlay
