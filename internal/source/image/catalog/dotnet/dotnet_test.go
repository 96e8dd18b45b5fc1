package dotnet_test

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/dotnet"
)

const deps = "\ufeff" + `{"runtimeTarget":{"name":".NETCoreApp,Version=v8.0"},"libraries":{
 "Shop/1.0.0":{"type":"project","serviceable":false},
 "Newtonsoft.Json/12.0.1":{"type":"package","serviceable":true,"sha512":"x"},
 "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1":{"type":"runtimepack"},
 "broken":{"type":"package"}}}`

func TestDependencies(t *testing.T) {
	found := catalogtest.Read(t, dotnet.Reader(), catalogtest.File("app/Shop.deps.json", []byte(deps)))
	var got []string
	for _, p := range found.Packages {
		got = append(got, p.PURL)
	}
	want := "pkg:nuget/Newtonsoft.Json@12.0.1 pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.1"
	if strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := dotnet.Reader().Read(t.Context(), catalogtest.File("x.deps.json", []byte("["))); err == nil {
		t.Error("what is no list is no error")
	}
}

func FuzzDependencies(f *testing.F) {
	f.Add([]byte(deps))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := dotnet.Reader().Read(t.Context(), catalogtest.File("x.deps.json", content))
		for _, p := range found.Packages {
			if p.Name == "" && p.Version == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
