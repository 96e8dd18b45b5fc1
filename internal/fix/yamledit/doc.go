// Package yamledit changes YAML and JSON text in place. An edit becomes the
// smallest splice of the text that has the wanted effect: comments, order,
// quotes, indentation, line ends and every line that is not about the edit stay
// as they are.
//
// Where things stand comes from the YAML library, which gives the beginning of
// every value; where they end is found in the text. No splice is trusted: the
// new text is parsed again, and unless it means exactly what the edits ask for,
// the edits are refused. Helm templates are edited as text around their
// actions; what they render then is for the caller to prove.
//
// The package knows nothing of Kubernetes, findings or files.
package yamledit
