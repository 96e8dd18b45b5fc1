// Package decode turns the answers of a Kubernetes API server to list requests
// into graph documents, each equal to the JSON form of its object. It reads
// JSON, the protobuf form of the kinds that the Kubernetes API library knows,
// and tables of Secrets, without building the objects in between.
//
// The bytes come from the cluster source and the documents go back to it. The
// package must not touch the network, and takes the bytes as hostile: they end
// in documents or an error, within memory proportional to their length.
// Managed fields are left out everywhere; they say who wrote a field, at half
// the size of an object.
package decode
