// Package yamldoc turns the bytes of YAML, JSON and JSON Lines into
// [graph.Document]s with the exact position of every field.
//
// It is a parser of bytes that others control: whatever comes in, it ends
// within the bounds of [Limits] and reports what it could not read as a
// [graph.Gap] with its position, while the other documents of the stream are
// still read. Scalars mean what they mean to Kubernetes, that is to
// sigs.k8s.io/yaml: `yes` is true, 0644 is 420, 1e3 is the integer 1000 and a
// date is a string.
//
// The package opens no file and knows no Kubernetes kind except lists, which
// it unrolls. Bytes come from the caller; documents go to the caller.
package yamldoc
