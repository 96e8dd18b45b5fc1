package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/notaryproject/notation-go/verifier/trustpolicy"
)

// mostPolicyBytes is far more than any policy has.
const mostPolicyBytes = 1 << 20

// Policy is a trust policy of the Notary Project, version 1.0.
type Policy struct {
	Path     string // of the file; empty when it came from elsewhere
	document trustpolicy.Document
}

// ReadPolicy reads the file of a trust policy. A link or a folder in its place
// is refused: whoever may write the target would decide what is trusted.
func ReadPolicy(path string) (*Policy, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("read the trust policy: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read the trust policy: %s is %s, not a plain file: put the file itself there", path, kindOfFile(info.Mode()))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the trust policy: %w", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, mostPolicyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the trust policy %s: %w", path, err)
	}
	p, err := ParsePolicy(data)
	if err != nil {
		return nil, fmt.Errorf("trust policy %s: %w", path, err)
	}
	p.Path = path
	return p, nil
}

func kindOfFile(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "a special file"
}

// ParsePolicy reads and checks a trust policy.
func ParsePolicy(data []byte) (*Policy, error) {
	if len(data) > mostPolicyBytes {
		return nil, fmt.Errorf("it is larger than %d bytes", mostPolicyBytes)
	}
	p := &Policy{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&p.document); err != nil {
		return nil, fmt.Errorf("it is not the JSON of a trust policy: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document: only one may be in the file")
	}
	if err := p.document.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// statement is the statement that speaks of a repository.
func (p *Policy) statement(repository, digest string) (*trustpolicy.TrustPolicy, error) {
	return p.document.GetApplicableTrustPolicy(repository + "@" + digest)
}
