package sbom

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 9562 makes UUIDs of version 5 with it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/foilsec/foil/internal/artifact"
)

// Format is a form of a bill of materials.
type Format string

// The formats.
const (
	CycloneDX Format = "cyclonedx-json" // CycloneDX 1.6
	SPDX      Format = "spdx-json"      // SPDX 2.3
)

// Formats lists the formats that Write knows.
func Formats() []Format { return []Format{CycloneDX, SPDX} }

// MediaType is the type of a document of the format, "application/spdx+json".
func (f Format) MediaType() string {
	if f == SPDX {
		return "application/spdx+json"
	}
	return "application/vnd.cyclonedx+json"
}

// Options say what else goes into a bill.
type Options struct {
	Version string // of foil
	// Now is the date of a bill about an artifact that has no date of its own.
	// The zero time leaves the date out, where the format allows.
	Now time.Time
	// Symbols adds the programs with the hashes of their functions, so that a
	// scan of the bill knows which functions are linked.
	Symbols bool
}

// Write writes an artifact as a bill of materials.
func Write(w io.Writer, format Format, a *artifact.Artifact, o Options) error {
	b, err := newBill(a, o)
	if err != nil {
		return fmt.Errorf("bill of materials of %s: %w", a.Reference, err)
	}
	var data []byte
	switch format {
	case CycloneDX:
		data, err = b.cycloneDX()
	case SPDX:
		data, err = b.spdx()
	default:
		return fmt.Errorf("bill of materials of %s: unknown format %q: want %s or %s", a.Reference, format, CycloneDX, SPDX)
	}
	if err != nil {
		return fmt.Errorf("bill of materials of %s: %w", a.Reference, err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write the bill of materials of %s: %w", a.Reference, err)
	}
	return nil
}

// encode is the document as indented JSON.
func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// identified encodes a document that holds an identifier made from the rest of
// it.
func identified(document any, set func(uuid string)) ([]byte, error) {
	data, err := encode(document)
	if err != nil {
		return nil, err
	}
	set(uuidOf(data))
	return encode(document)
}

// foilSpace is the name space of foil's identifiers: the version 5 UUID of
// "https://foil.dev/sbom" among URLs.
const foilSpace = "\x90\x75\x9c\x3b\xd5\xdc\x5f\x0d\xa7\x44\x48\x37\x9c\xf7\x64\xf1"

// uuidOf is the UUID of version 5 of a content (RFC 9562).
func uuidOf(content []byte) string {
	h := sha1.New() //nolint:gosec // see above
	h.Write([]byte(foilSpace))
	h.Write(content)
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	x := hex.EncodeToString(u)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
