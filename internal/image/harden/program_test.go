package harden

import (
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/image/harden/archive"
	"github.com/foilsec/foil/internal/image/harden/rootfs/rootfstest"
)

func TestAccountOf(t *testing.T) {
	tree := rootfstest.Tree(t, map[string]string{
		"etc/passwd": "root:x:0:0::/root:/bin/sh\nshop:x:1000:1001::/home/shop:/bin/sh\nbroken\nodd:x:-1:0::/:/\n",
		"etc/group":  "root:x:0:\nstaff:x:50:shop,other\nshop:x:1001:\n",
	})
	cases := map[string]struct {
		want   string
		groups []int
		home   string
	}{
		"": {"0:0", nil, "/root"}, "root": {"0:0", nil, "/root"}, "shop": {"1000:1001", []int{50}, "/home/shop"},
		"1000": {"1000:1001", []int{50}, "/home/shop"}, "4711": {"4711:0", nil, "/"}, "shop:staff": {"1000:50", nil, "/home/shop"},
		"7:8": {"7:8", nil, "/"},
	}
	for user, want := range cases {
		a, err := accountOf(tree, user)
		if err != nil || a.numeric() != want.want || !slices.Equal(a.groups, want.groups) || a.home != want.home {
			t.Errorf("%q is %+v (%v), want %+v", user, a, err, want)
		}
	}
	for _, user := range []string{"nobody", "shop:none", "odd", "-1"} {
		if a, err := accountOf(tree, user); err == nil {
			t.Errorf("%q is %+v", user, a)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                       nil,
		"  a  b\tc ":             {"a", "b", "c"},
		`sh -c 'a "b" c'`:        {"sh", "-c", `a "b" c`},
		`a "" b''c "d e"f`:       {"a", "", "bc", "d ef"},
		`unfinished "quote here`: {"unfinished", "quote here"},
	} {
		if got := words(text); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestHealthCommand(t *testing.T) {
	for _, c := range []struct{ test, want []string }{
		{nil, nil}, {[]string{"NONE"}, nil}, {[]string{"CMD", "/check", "-v"}, []string{"/check", "-v"}},
		{[]string{"CMD-SHELL", "curl x"}, []string{"/bin/sh", "-c", "curl x"}},
	} {
		if got := healthCommand(&archive.Run{Healthcheck: &archive.Healthcheck{Test: c.test}}); !slices.Equal(got, c.want) {
			t.Errorf("%q is %q, want %q", c.test, got, c.want)
		}
	}
}

func TestEnvironmentIsThatOfAContainer(t *testing.T) {
	got := environment(&archive.Run{Env: []string{"PATH=/own", "PATHS=x"}}, "/home/shop")
	if want := []string{"PATH=/own", "PATHS=x", "HOME=/home/shop", "HOSTNAME=foil"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if s := settings(&archive.Run{}); !slices.Contains(s.Path, "/usr/local/bin") {
		t.Errorf("path %q", s.Path)
	}
}
