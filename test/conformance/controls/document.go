package main

// writeDocument writes the page about the conformance.
func (r *results) writeDocument(path string) error { return nil }
