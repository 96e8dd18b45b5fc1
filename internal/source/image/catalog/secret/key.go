package secret

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"strings"
)

const (
	keyBegin = "-----BEGIN "
	keyWord  = "PRIVATE KEY"
)

// keys finds private keys, and checks that they are: the block decodes, and
// what it holds is of the form that it claims.
func keys(text string, found func(at int, title string)) {
	for from := 0; ; {
		next := strings.Index(text[from:], keyBegin)
		if next < 0 {
			return
		}
		at := from + next
		from = at + len(keyBegin)
		name, _, closed := strings.Cut(text[from:min(from+60, len(text))], "-----")
		if !closed || !strings.Contains(name, keyWord) {
			continue
		}
		if block := blockAt(text[at:], name); block != nil && holdsKey(block) {
			found(at, titleOf(name, block))
		}
	}
}

// largestKey is more than any private key needs.
const largestKey = 64 << 10

// blockAt decodes a block. In strings of programs and in JSON its lines are
// separated by the letters \n.
func blockAt(text, name string) *pem.Block {
	end := strings.Index(text, "-----END "+name)
	if end < 0 || end > largestKey {
		return nil
	}
	text = text[:min(end+len("-----END ")+len(name)+len("-----"), len(text))]
	if strings.Contains(text, `\n`) {
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\r`, ""), `\n`, "\n")
	}
	var lines []string
	for line := range strings.Lines(text) { // in YAML it is indented
		lines = append(lines, strings.Trim(line, " \t\r\n\"',"))
	}
	block, _ := pem.Decode([]byte(strings.Join(lines, "\n") + "\n"))
	return block
}

func holdsKey(block *pem.Block) bool {
	switch {
	case block.Type == "OPENSSH PRIVATE KEY":
		return bytes.HasPrefix(block.Bytes, []byte("openssh-key-v1\x00")) && len(block.Bytes) > 100
	case strings.HasPrefix(block.Type, "PGP "):
		return len(block.Bytes) > 100
	case block.Headers["Proc-Type"] != "":
		return len(block.Bytes) > 64
	}
	var sequence asn1.RawValue
	rest, err := asn1.Unmarshal(block.Bytes, &sequence)
	return err == nil && len(rest) == 0 && sequence.IsCompound && len(block.Bytes) > 40
}

// noCipher is how the OpenSSH form says that a key is not encrypted.
const noCipher = "\x00\x00\x00\x04none\x00\x00\x00\x04none"

func titleOf(name string, block *pem.Block) string {
	kind := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(name, " BLOCK"), keyWord))
	encrypted := strings.Contains(name, "ENCRYPTED") || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") ||
		kind == "OPENSSH" && !bytes.Contains(block.Bytes[:60], []byte(noCipher))
	switch {
	case encrypted:
		return "private key that is protected by a password"
	case kind == "OPENSSH":
		return "OpenSSH private key"
	case kind == "":
		return "private key"
	}
	return kind + " private key"
}

// decodesToKey reports whether base64 holds a private key, as in a kubeconfig.
func decodesToKey(encoded string) bool {
	if len(encoded) > largestKey {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	is := false
	if err == nil {
		keys(string(raw), func(int, string) { is = true })
	}
	return is
}
