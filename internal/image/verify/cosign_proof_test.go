package verify

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/imagetest"
)

// tree is the root of a tree over entries, as RFC 9162 defines it, and the
// proof for one of them.
func tree(entries [][]byte, index int) (root []byte, proof [][]byte) {
	if len(entries) == 1 {
		sum := sha256.Sum256(append([]byte{0}, entries[0]...))
		return sum[:], nil
	}
	half := 1
	for half*2 < len(entries) {
		half *= 2
	}
	var left, right []byte
	if index < half {
		left, proof = tree(entries[:half], index)
		right, _ = tree(entries[half:], 0)
		proof = append(proof, right)
	} else {
		left, _ = tree(entries[:half], 0)
		right, proof = tree(entries[half:], index-half)
		proof = append(proof, left)
	}
	sum := node(left, right)
	return sum[:], proof
}

func TestProofsLeadToTheRoot(t *testing.T) {
	var entries [][]byte
	for size := 1; size <= 20; size++ {
		entries = append(entries, fmt.Appendf(nil, "entry %d", size))
		for index := range entries {
			root, proof := tree(entries, index)
			if !leadsTo(root, entries[index], int64(index), int64(size), proof) {
				t.Errorf("entry %d of %d is not found", index, size)
			}
			if size > 1 && (leadsTo(root, []byte("other"), int64(index), int64(size), proof) ||
				leadsTo(root, entries[index], int64((index+1)%size), int64(size), proof) ||
				leadsTo(root, entries[index], int64(index), int64(size), proof[:len(proof)-1]) ||
				leadsTo(root, entries[index], int64(index), int64(size), append(proof, root))) {
				t.Errorf("a wrong proof for entry %d of %d is accepted", index, size)
			}
		}
	}
	if leadsTo(nil, nil, 0, 0, nil) || leadsTo(nil, nil, -1, 1, nil) {
		t.Error("a place outside of the tree is accepted")
	}
}

// checkpoint signs a root as logs do.
func checkpoint(t *testing.T, key *ecdsa.PrivateKey, size int, root []byte) string {
	t.Helper()
	text := fmt.Sprintf("log.example\n%d\n%s\n", size, base64.StdEncoding.EncodeToString(root))
	signature := append([]byte("hint"), imagetest.SignBytes(t, key, []byte(text))...)
	return text + "\n— log.example " + base64.StdEncoding.EncodeToString(signature) + "\n"
}

func TestInclusionProofs(t *testing.T) {
	key := imagetest.NewKey(t)
	keys := []PublicKey{{Name: "log", Key: &key.PublicKey}}
	entries := [][]byte{[]byte("a"), []byte("b"), []byte("c")}
	root, hashes := tree(entries, 1)
	good := func() *inclusionProof {
		p := &inclusionProof{LogIndex: "1", TreeSize: "3", RootHash: root, Hashes: hashes}
		p.Checkpoint.Envelope = checkpoint(t, key, 3, root)
		return p
	}
	if err := good().verify(entries[1], keys); err != nil {
		t.Error(err)
	}
	for says, change := range map[string]func(*inclusionProof){
		"index":              func(p *inclusionProof) { p.LogIndex = "x" },
		"size":               func(p *inclusionProof) { p.TreeSize = "1.5" },
		"does not lead":      func(p *inclusionProof) { p.LogIndex = "2" },
		"another root":       func(p *inclusionProof) { p.Checkpoint.Envelope = checkpoint(t, key, 4, root) },
		"damaged":            func(p *inclusionProof) { p.Checkpoint.Envelope = "x" },
		"whose key you gave": func(p *inclusionProof) { p.Checkpoint.Envelope = checkpoint(t, imagetest.NewKey(t), 3, root) },
		"log whose key you": func(p *inclusionProof) {
			p.Checkpoint.Envelope = strings.Replace(p.Checkpoint.Envelope, "log.example", "lag.example", 1)
		},
		"not signed by a log": func(p *inclusionProof) {
			p.Checkpoint.Envelope = strings.Replace(p.Checkpoint.Envelope, "— ", "- ", 1)
		},
	} {
		p := good()
		change(p)
		if err := p.verify(entries[1], keys); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// TestEntriesOfTheNewLog follows an entry with a proof and no promise.
func TestEntriesOfTheNewLog(t *testing.T) {
	log, signer := imagetest.NewKey(t), imagetest.NewKey(t)
	m := &cosignMade{signed: []byte("signed"), content: []byte("content"), signature: []byte("signature")}
	hash := func(data []byte) map[string]any {
		sum := sha256.Sum256(data)
		return map[string]any{"algorithm": "SHA2_256", "digest": sum[:]}
	}
	block := bytes.TrimSpace(imagetest.PublicPEM(t, &signer.PublicKey))
	lines := strings.Split(string(block), "\n")
	der, err := base64.StdEncoding.DecodeString(strings.Join(lines[1:len(lines)-1], ""))
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]any{"content": m.signature, "verifier": map[string]any{"publicKey": map[string]any{"rawBytes": der}}}
	for name, body := range map[string]map[string]any{
		"hashed":    {"kind": "hashedrekord", "spec": map[string]any{"hashedRekordV002": map[string]any{"data": hash(m.signed), "signature": by}}},
		"enveloped": {"kind": "dsse", "spec": map[string]any{"dsseV002": map[string]any{"payloadHash": hash(m.content), "signatures": []any{by}}}},
	} {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		root, hashes := tree([][]byte{data, []byte("other")}, 0)
		e := &logEntry{body: data, proof: &inclusionProof{LogIndex: "0", TreeSize: "2", RootHash: root, Hashes: hashes}}
		e.proof.Checkpoint.Envelope = checkpoint(t, log, 2, root)
		keys := []PublicKey{{Name: "log", Key: &log.PublicKey}}
		if at, err := e.verify(keys, m, &signer.PublicKey); err != nil || !at.IsZero() {
			t.Errorf("%s: %v, %v", name, at, err)
		}
		if _, err := e.verify(keys, m, &log.PublicKey); err == nil {
			t.Errorf("%s: another signer is accepted", name)
		}
		if _, err := e.verify(keys, &cosignMade{signature: m.signature}, &signer.PublicKey); err == nil {
			t.Errorf("%s: other content is accepted", name)
		}
	}
}
