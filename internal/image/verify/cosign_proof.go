package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// inclusionProof shows that an entry is in a log: the hashes beside its way to
// the root of the tree, and the root as the log has signed it.
type inclusionProof struct {
	LogIndex   json.Number `json:"logIndex"`
	RootHash   []byte      `json:"rootHash"`
	TreeSize   json.Number `json:"treeSize"`
	Hashes     [][]byte    `json:"hashes"`
	Checkpoint struct {
		Envelope string `json:"envelope"`
	} `json:"checkpoint"`
}

// verify checks the proof of a body against the keys of logs.
func (p *inclusionProof) verify(body []byte, keys []PublicKey) error {
	index, err := number(p.LogIndex)
	if err != nil {
		return fmt.Errorf("index in the proof: %w", err)
	}
	size, err := number(p.TreeSize)
	if err != nil {
		return fmt.Errorf("size of the tree in the proof: %w", err)
	}
	if !leadsTo(p.RootHash, body, index, size, p.Hashes) {
		return errors.New("the proof does not lead to the root of the log")
	}
	signedSize, root, err := openCheckpoint(p.Checkpoint.Envelope, keys)
	if err != nil {
		return err
	}
	if signedSize != size || !bytes.Equal(root, p.RootHash) {
		return errors.New("the log has signed another root than that of the proof")
	}
	return nil
}

// leadsTo walks from a leaf to the root of a tree (RFC 9162, section 2.1.3.2).
func leadsTo(root, body []byte, index, size int64, hashes [][]byte) bool {
	if index < 0 || index >= size {
		return false
	}
	at, last := index, size-1
	hash := sha256.Sum256(append([]byte{0}, body...))
	for _, beside := range hashes {
		if last == 0 || len(beside) != sha256.Size {
			return false
		}
		if at&1 == 1 || at == last {
			hash = node(beside, hash[:])
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			hash = node(hash[:], beside)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && bytes.Equal(hash[:], root)
}

func node(left, right []byte) [sha256.Size]byte {
	return sha256.Sum256(slices.Concat([]byte{1}, left, right))
}

var errCheckpoint = errors.New("the checkpoint of the log is damaged")

// openCheckpoint checks the signature on a checkpoint, which is a signed note:
// name of the log, size and root of the tree in lines, an empty line, then
// signatures.
func openCheckpoint(note string, keys []PublicKey) (size int64, root []byte, err error) {
	text, signatures, found := strings.Cut(note, "\n\n")
	lines := strings.Split(text, "\n")
	if !found || len(lines) < 3 {
		return 0, nil, errCheckpoint
	}
	if !signedByOne(text+"\n", signatures, keys) {
		return 0, nil, errors.New("the checkpoint is not signed by a log whose key you gave")
	}
	if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return 0, nil, errCheckpoint
	}
	if root, err = base64.StdEncoding.DecodeString(lines[2]); err != nil {
		return 0, nil, errCheckpoint
	}
	return size, root, nil
}

// hintBytes come before each signature of a note, to find the key by.
const hintBytes = 4

func signedByOne(text, signatures string, keys []PublicKey) bool {
	for line := range strings.Lines(signatures) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != "—" {
			continue
		}
		signature, err := base64.StdEncoding.DecodeString(fields[2])
		if err != nil || len(signature) <= hintBytes {
			continue
		}
		if slices.ContainsFunc(keys, func(k PublicKey) bool { return fits(k.Key, []byte(text), signature[hintBytes:]) }) {
			return true
		}
	}
	return false
}
