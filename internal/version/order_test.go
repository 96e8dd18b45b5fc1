package version

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// orders are all orders by name.
var orders = []struct {
	name  string
	order Order
}{
	{"Debian", Debian}, {"RPM", RPM}, {"Alpine", Alpine}, {"Semver", Semver}, {"Python", Python}, {"Maven", Maven}, {"RubyGems", RubyGems},
	{"NuGet", NuGet}, {"Packagist", Packagist}, {"Pub", Pub}, {"CRAN", CRAN}, {"Hackage", Hackage}, {"Conan", Conan}, {"Natural", Natural}, {"EchoNPM", EchoNPM},
}

// pieces are what random versions are made of.
var pieces = []string{
	"0", "0", "1", "1", "2", "9", "10", "01", "00", "100", "20240101", "99999999999999999999", ".", ".", ".", ".", "-", "-", "_", "+", "~", "^", ":", "!",
	"a", "b", "c", "z", "A", "rc", "RC", "alpha", "beta", "pre", "preview", "dev", "post", "rev", "r", "p", "pl", "final", "ga", "sp", "snapshot", "SNAPSHOT",
	"release", "m", "milestone", "x", "foo", "git", "svn", "el8", "deb12u1", "ubuntu1", "-r1", "-r0", "_rc1", "_p1", "_git", "~rc1", "~abc1", "+b1", "v",
}

func randomVersion(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(7) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	if r.IntN(3) > 0 {
		return "1" + b.String()
	}
	return b.String()
}

// near changes a version a little: what is alike is where orders go wrong.
func near(r *rand.Rand, v string) string {
	i := r.IntN(len(v) + 1)
	j := i + r.IntN(min(3, len(v)-i+1))
	switch r.IntN(3) {
	case 0:
		return v[:i] + pieces[r.IntN(len(pieces))] + v[i:]
	case 1:
		return v[:i] + v[j:]
	}
	return v[:i] + pieces[r.IntN(len(pieces))] + v[j:]
}

// checkOrder holds what an order promises for three versions.
func checkOrder(t *testing.T, name string, order Order, a, b, c string) {
	t.Helper()
	ab, err := order(a, b)
	ba, errBack := order(b, a)
	switch {
	case (err == nil) != (errBack == nil):
		t.Fatalf("%s: %q and %q: error %v one way, %v the other", name, a, b, err, errBack)
	case err != nil:
		return
	case ab != -ba || ab < -1 || ab > 1:
		t.Fatalf("%s: %q and %q: %d one way, %d the other", name, a, b, ab, ba)
	}
	if same, err := order(a, a); err != nil || same != 0 {
		t.Fatalf("%s: %q and itself: %d, %v", name, a, same, err)
	}
	bc, err := order(b, c)
	if err != nil || name == "Packagist" && strings.Contains(a+b+c, "#") { // there, "#" equals any number
		return
	}
	ac, err := order(a, c)
	if err != nil {
		t.Fatalf("%s: %q and %q can't be compared, but both with %q", name, a, c, b)
	}
	if ab <= 0 && bc <= 0 && (ac > 0 || ac == 0 && ab+bc < 0) || ab >= 0 && bc >= 0 && (ac < 0 || ac == 0 && ab+bc > 0) {
		t.Fatalf("%s: %q to %q is %d, on to %q is %d, but directly %d", name, a, b, ab, c, bc, ac)
	}
}

// TestOrdersAreOrders takes a seed that stays, so that a failure comes again.
func TestOrdersAreOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		a := randomVersion(r)
		b := near(r, a)
		c := near(r, b)
		for _, o := range orders {
			checkOrder(t, o.name, o.order, a, b, c)
		}
	}
}

func FuzzOrders(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		f.Add(randomVersion(r), randomVersion(r), randomVersion(r))
	}
	f.Add("1:1.2.3-4", "1.2.3~rc1^git", "1!1.0a1.post2.dev3+local.1")
	f.Add("1.0-alpha-1-SNAPSHOT", "1.0.0.Final", "1.2.3.#.1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, o := range orders {
			checkOrder(t, o.name, o.order, a, b, c)
		}
	})
}

func TestOrdersRefuse(t *testing.T) {
	for _, o := range orders {
		for _, v := range []string{"", strings.Repeat("1", longest+1)} {
			if _, err := o.order("1", v); err == nil {
				t.Errorf("%s reads a version of %d bytes", o.name, len(v))
			} else if len(err.Error()) > 200 {
				t.Errorf("%s: the error has %d bytes", o.name, len(err.Error()))
			}
		}
	}
	cases := []struct {
		name  string
		order Order
		v     string
	}{
		{"dpkg", Debian, "a:1"}, {"dpkg", Debian, "1:"}, {"dpkg", Debian, "1-"}, {"dpkg", Debian, "1 2"},
		{"Semantic Versioning", Semver, "abc"}, {"Semantic Versioning", Semver, "1.x"}, {"Semantic Versioning", Pub, "latest"},
		{"RubyGems", RubyGems, "1.0 beta"}, {"NuGet", NuGet, "1..2"}, {"NuGet", NuGet, "-beta"}, {"CRAN", CRAN, "1.a"}, {"Hackage", Hackage, "1-2"},
	}
	for _, c := range cases {
		if _, err := c.order(c.v, "1"); err == nil || !strings.Contains(err.Error(), "is not a version of "+c.name) {
			t.Errorf("%q: error %v, want one that names %s", c.v, err, c.name)
		}
	}
}

func TestForEcosystem(t *testing.T) {
	cases := []struct{ ecosystem, a, b string }{ // a is older than b, in this ecosystem only
		{"Debian:12", "1.0~rc1", "1.0"}, {"Ubuntu:22.04:LTS", "1.0-1", "1:0.1"}, {"Alpine:v3.20", "1.0_rc1", "1.0"},
		{"Rocky Linux:9", "1.0", "1.0^git1"}, {"Red Hat:enterprise_linux:9::baseos", "1.a", "1.1"}, {"SUSE:Linux Enterprise Server 15 SP5", "1~a", "1"},
		{"npm", "1.0.0-2", "1.0.0-10"}, {"Go", "v1.0.0-0.20200101000000-abcdefabcdef", "1.0.0"}, {"PyPI", "1.0.dev1", "1.0a1"},
		{"Maven:https://maven.google.com", "1.0-alpha", "1.0"}, {"RubyGems", "1.a", "1"}, {"NuGet", "1.0-A", "1.0-b"},
		{"Packagist", "1.0RC1", "1.0"}, {"Pub", "1.0.0", "1.0.0+1"}, {"CRAN", "1.0", "1.0-0"}, {"Hackage", "1.0", "1.0.0"},
		{"Echo:npm", "1.0.0+echo.9", "1.0.0+echo.10"}, {"Echo", "1~a", "1"}, {"ConanCenter", "1.1.1k", "1.1.1l"}, {"GitHub Actions", "v2", "v10"},
	}
	for _, c := range cases {
		order, ok := ForEcosystem(c.ecosystem)
		if !ok {
			t.Errorf("%s is not known", c.ecosystem)
			continue
		}
		if n, err := order(c.a, c.b); err != nil || n != -1 {
			t.Errorf("%s: %s and %s: %d, %v", c.ecosystem, c.a, c.b, n, err)
		}
	}
	if order, ok := ForEcosystem("Unheard Of:1"); ok || order == nil {
		t.Error("an ecosystem that nobody knows must have the order of last resort, and be told apart")
	}
}

// BenchmarkOrders shows that comparing takes no memory.
func BenchmarkOrders(b *testing.B) {
	versions := map[string][2]string{
		"Debian": {"1:5.2.15-2+b13", "1:5.2.15-2+b2"}, "RPM": {"1:11.0.13.0.8-1.el8_4", "1:11.0.13.0.8-3.el8_5"}, "Alpine": {"1.36.1_git20230717-r4", "1.36.1_git20230717-r5"},
		"Semver": {"1.2.3-beta.4", "1.2.3-beta.11"}, "Python": {"1.2.3rc1.post2", "1.2.3rc1.post4"}, "Maven": {"5.3.0.RELEASE", "5.3.1.RELEASE"}, "RubyGems": {"1.13.0.rc1", "1.13.0"},
	}
	for _, o := range orders {
		if v, ok := versions[o.name]; ok {
			b.Run(o.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := o.order(v[0], v[1]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
