package harden

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"github.com/foilsec/foil/internal/image/harden/stage"
)

// profileSchema names the form of a profile.
const profileSchema = "foil.dev/harden-profile/v1"

// Profile is what was seen of a program. The same image and profile give the
// same bytes.
type Profile struct {
	Schema   string          `json:"schema"`
	Image    string          `json:"image"` // digest of the configuration of the image
	Checks   []stage.Outcome `json:"checks"`
	Opened   []string        `json:"opened"` // files in the image
	Executed []string        `json:"executed"`
}

// Digest tells profiles apart.
func (p *Profile) Digest() string {
	text, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ReadProfile reads a saved profile.
func ReadProfile(file string) (*Profile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the profile: %w", err)
	}
	var p Profile
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("read the profile %s: %w", file, err)
	}
	if p.Schema != profileSchema {
		return nil, fmt.Errorf("read the profile %s: its schema is %q, not %q", file, p.Schema, profileSchema)
	}
	return &p, nil
}

// Write saves a profile.
func (p *Profile) Write(file string) error {
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil { //nolint:gosec // names of files, no secrets
		return fmt.Errorf("save the profile: %w", err)
	}
	return nil
}

// profileOf is the profile of a run.
func profileOf(image string, r *stage.Result) *Profile {
	p := &Profile{Schema: profileSchema, Image: image, Opened: r.Opened, Executed: r.Executed}
	for _, c := range r.Checks {
		c.Detail = "" // holds times and process numbers
		p.Checks = append(p.Checks, c)
	}
	return p
}
