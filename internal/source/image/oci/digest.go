package oci

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// CheckDigest refuses what is no digest, since digests become file names.
func CheckDigest(digest string) error {
	algorithm, value, _ := strings.Cut(digest, ":")
	length := map[string]int{"sha256": 64, "sha512": 128}[algorithm]
	if length == 0 || len(value) != length || strings.Trim(value, "0123456789abcdef") != "" {
		return fmt.Errorf("%.80q is no digest that foil knows: it takes sha256 and sha512", digest)
	}
	return nil
}

// Sum is the digest of some bytes, with the algorithm of another digest.
func Sum(like string, content []byte) string {
	if strings.HasPrefix(like, "sha512:") {
		sum := sha512.Sum512(content)
		return "sha512:" + hex.EncodeToString(sum[:])
	}
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ChainIDs are the identities of stacks of layers, the lowest alone first (OCI
// image spec, "Layer ChainID").
func ChainIDs(diffIDs []string) []string {
	chains := make([]string, len(diffIDs))
	for i, id := range diffIDs {
		chains[i] = id
		if i > 0 {
			chains[i] = Sum("sha256:", []byte(chains[i-1]+" "+id))
		}
	}
	return chains
}

// MostDocument bounds indexes, manifests and configurations; registries take
// manifests of up to 4 MiB.
const MostDocument = 8 << 20

// ReadDocument reads a document whole and compares it with its descriptor.
func ReadDocument(r io.Reader, d Descriptor) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, MostDocument+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", d.Digest, err)
	case len(content) > MostDocument:
		return nil, fmt.Errorf("%s is larger than %d bytes, the limit for manifests and configurations", d.Digest, MostDocument)
	case d.Digest == "":
		return content, nil
	}
	if is := Sum(d.Digest, content); is != d.Digest {
		return nil, fmt.Errorf("the document %s has the digest %s: the image was damaged or changed, build or fetch it anew", d.Digest, is)
	}
	return content, nil
}
