package manifest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// cacheKey names the content of a file: its bytes, its name, which positions
// carry, and all that decides what is made of them.
func cacheKey(content []byte, file string, limits yamldoc.Limits, explicit bool) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d %+v %t %q\n", yamldoc.Version, limits, explicit, file)
	_, _ = h.Write(content)
	return "manifest-" + hex.EncodeToString(h.Sum(nil))
}

var errCacheForm = errors.New("cached documents have a wrong form")

// encodeResult is the value of the cache: the gaps and counts as JSON, then
// the documents.
func encodeResult(r yamldoc.Result) ([]byte, error) {
	head, err := json.Marshal(resultHead{Gaps: r.Gaps, Others: r.Others, Documents: len(r.Documents)})
	if err != nil {
		return nil, fmt.Errorf("encode result for the cache: %w", err)
	}
	out := binary.AppendUvarint(nil, uint64(len(head)))
	out = append(out, head...)
	for _, d := range r.Documents {
		out = graph.AppendDocument(out, d)
	}
	return out, nil
}

type resultHead struct {
	Gaps      []graph.Gap
	Others    int
	Documents int
}

func decodeResult(data []byte) (yamldoc.Result, error) {
	size, n := binary.Uvarint(data)
	if n <= 0 || size > uint64(len(data)-n) {
		return yamldoc.Result{}, errCacheForm
	}
	var head resultHead
	if err := json.Unmarshal(data[n:n+int(size)], &head); err != nil {
		return yamldoc.Result{}, errors.Join(errCacheForm, err)
	}
	result := yamldoc.Result{Gaps: head.Gaps, Others: head.Others}
	rest := data[n+int(size):]
	for range head.Documents {
		d, after, err := graph.DecodeDocument(rest)
		if err != nil {
			return yamldoc.Result{}, errors.Join(errCacheForm, err)
		}
		result.Documents, rest = append(result.Documents, d), after
	}
	if len(rest) != 0 {
		return yamldoc.Result{}, errCacheForm
	}
	return result, nil
}
