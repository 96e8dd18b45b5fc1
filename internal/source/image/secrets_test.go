package image

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/imagetest"
)

// TestCredentialsOfTheBuildAreFoundAndNotShown scans an image whose environment
// and build steps hold passwords.
func TestCredentialsOfTheBuildAreFoundAndNotShown(t *testing.T) {
	const password = "Xk3-mP9qLw7vT2"
	m := imagetest.New(t, []imagetest.Entry{{Path: "app", Type: "file", Content: "x", Mode: 0o644}})
	m.Config["config"] = map[string]any{"Env": []string{"PATH=/bin", "DB_PASSWORD=" + password}}
	m.Config["history"] = []map[string]any{{"created_by": "|1 API_PASSWORD=" + password + " /bin/sh -c make"}}
	a, err := Read(t.Context(), Options{Reference: m.Layout().Archive(t), Catalog: &imagetest.Catalog{}})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Secrets) != 2 || a.Secrets[0].Layer != -1 || a.Secrets[1].Layer != 0 {
		t.Errorf("secrets %+v, want one of the environment and one of layer 0", a.Secrets)
	}
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), password) {
		t.Errorf("the value is shown: %s", text)
	}
}
