package layer

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// format changes whenever Encode writes something else.
const format = "foil layer 1\n"

// keptWindow is how far the encoder looks back; larger ones cost memory and gain
// little on lists of names.
const keptWindow = 128 << 10

// mostEncoded bounds what Decode expands.
const mostEncoded = 1 << 30

// facts is what of a result is kept as JSON, beside the index.
type facts struct {
	Digest, DiffID string
	Size           int64
	Files          []File
	Silent         []uint32        `json:",omitempty"`
	Gaps           []artifact.Gap  `json:",omitempty"`
	Opaque         []string        `json:",omitempty"`
	Whiteouts      []tree.Whiteout `json:",omitempty"`
}

// Encode writes a result so that it can be kept: a mark of the format, a
// checksum, and compressed behind it the facts and the index.
func (r *Result) Encode() ([]byte, error) {
	f := facts{r.Digest, r.DiffID, r.Size, r.Files, r.Silent, r.Gaps, r.Index.Opaque, r.Index.Whiteouts}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode the result of a layer: %w", err)
	}
	plain := binary.AppendUvarint(nil, uint64(len(text)))
	plain = r.Index.Append(append(plain, text...))
	writer, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(keptWindow))
	if err != nil {
		return nil, fmt.Errorf("encode the result of a layer: %w", err)
	}
	sum := sha256.Sum256(plain)
	return writer.EncodeAll(plain, append([]byte(format), sum[:]...)), nil
}

// ErrDamaged is the error of bytes that Encode of this version did not write.
var ErrDamaged = errors.New("the kept result of a layer is damaged or of another version")

// Decode reads what Encode wrote.
func Decode(kept []byte) (*Result, error) {
	rest, ok := bytes.CutPrefix(kept, []byte(format))
	if !ok || len(rest) < sha256.Size {
		return nil, ErrDamaged
	}
	reader, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostEncoded))
	if err != nil {
		return nil, fmt.Errorf("decode the result of a layer: %w", err)
	}
	defer reader.Close()
	plain, err := reader.DecodeAll(rest[sha256.Size:], nil)
	if err != nil || sha256.Sum256(plain) != [sha256.Size]byte(rest[:sha256.Size]) {
		return nil, ErrDamaged
	}
	return decodePlain(plain)
}

func decodePlain(plain []byte) (*Result, error) {
	length, n := binary.Uvarint(plain)
	if n <= 0 || length > uint64(len(plain)-n) {
		return nil, ErrDamaged
	}
	text, names := plain[n:n+int(length)], plain[n+int(length):]
	var f facts
	if json.Unmarshal(text, &f) != nil {
		return nil, ErrDamaged
	}
	t, rest, err := tree.Decode(names)
	if err != nil || len(rest) > 0 {
		return nil, ErrDamaged
	}
	index := &tree.Index{Tree: t, Opaque: f.Opaque, Whiteouts: f.Whiteouts}
	return &Result{Digest: f.Digest, DiffID: f.DiffID, Size: f.Size, Index: index, Files: f.Files, Silent: f.Silent, Gaps: f.Gaps, Whole: true}, nil
}
