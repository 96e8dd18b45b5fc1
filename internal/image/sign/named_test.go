package sign_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/sign"
)

func TestNamedKeys(t *testing.T) {
	home := t.TempDir()
	if _, err := sign.NamedKey(home, "a"); err == nil || !strings.Contains(err.Error(), "has no list") {
		t.Errorf("without a list: %v", err)
	}
	imagetest.Write(t, filepath.Join(home, "signingkeys.json"), []byte(`{"default":"a","keys":[
		{"name":"a","keyPath":"/k/a.key","certPath":"/k/a.crt"},
		{"name":"b","id":"7","pluginName":"vault","pluginConfig":{"x":"y"}}]}`))
	for name, want := range map[string]sign.Key{
		"":  {File: "/k/a.key", Chain: "/k/a.crt"},
		"a": {File: "/k/a.key", Chain: "/k/a.crt"},
		"b": {Plugin: "vault", PluginFolder: filepath.Join(home, "plugins"), ID: "7", PluginConfig: map[string]string{"x": "y"}},
	} {
		if got, err := sign.NamedKey(home, name); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", name, got, err)
		}
	}
	if _, err := sign.NamedKey(home, "c"); err == nil || !strings.Contains(err.Error(), `"c"`) {
		t.Errorf("another name: %v", err)
	}
	imagetest.Write(t, filepath.Join(home, "signingkeys.json"), []byte(`{`))
	if _, err := sign.NamedKey(home, "a"); err == nil {
		t.Error("a damaged list is no error")
	}
}
