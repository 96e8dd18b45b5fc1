package license

import (
	"reflect"
	"strings"
	"testing"
)

func TestExpression(t *testing.T) {
	for text, want := range map[string]string{
		"MIT":                             "MIT",
		"mit":                             "MIT",
		"GPL-2.0+":                        "GPL-2.0+",
		"EPL-1.0+":                        "EPL-1.0+",
		"Apache-2.0 or MIT":               "Apache-2.0 OR MIT",
		"(MIT AND (BSD-3-Clause OR ISC))": "(MIT AND (BSD-3-Clause OR ISC))",
		"GPL-2.0-only WITH classpath-exception-2.0":     "GPL-2.0-only WITH Classpath-exception-2.0",
		"LicenseRef-x.1 AND DocumentRef-a:LicenseRef-b": "LicenseRef-x.1 AND DocumentRef-a:LicenseRef-b",
		"": "", "BSD": "", "GPL-2+": "", "MIT AND": "", "MIT MIT": "", "(MIT": "", "MIT)": "", "MIT WITH MIT": "",
		"Classpath-exception-2.0": "", "LicenseRef-": "", "see LICENSE file": "", strings.Repeat("(", 60) + "MIT" + strings.Repeat(")", 60): "",
	} {
		if got, ok := Expression(text); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %t; want %q", text, got, ok, want)
		}
	}
}

func TestConjunctionsComeApart(t *testing.T) {
	for _, list := range [][]string{
		{"MIT"}, {"MIT", "ISC"}, {"MIT OR ISC", "BSD-3-Clause"}, {"MIT AND ISC"}, {"MIT OR ISC"}, {"(MIT OR ISC) AND (Zlib OR X11)"},
		{"GPL-2.0-only WITH Classpath-exception-2.0", "MIT"},
	} {
		together := Conjunction(list)
		if _, ok := Expression(together); !ok {
			t.Errorf("%q is no expression", together)
		}
		if got := Conjuncts(together); !reflect.DeepEqual(got, list) {
			t.Errorf("%q comes apart as %q, want %q", together, got, list)
		}
	}
	if got := Conjuncts("MIT AND ISC OR Zlib"); len(got) != 1 {
		t.Errorf("%q: AND binds more than OR", got)
	}
}

func FuzzExpression(f *testing.F) {
	f.Add("(MIT AND (BSD-3-Clause OR ISC)) WITH x")
	f.Add("a+ or LicenseRef-b )(")
	f.Fuzz(func(t *testing.T, text string) {
		Conjuncts(text)
		canonical, ok := Expression(text)
		if !ok {
			return
		}
		if again, ok := Expression(canonical); !ok || again != canonical {
			t.Errorf("%q became %q became %q", text, canonical, again)
		}
	})
}
