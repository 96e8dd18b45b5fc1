package closure_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/harden/closure"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/image/harden/rootfs/rootfstest"
)

func settled(tree *rootfs.Tree, add func(*closure.Set)) *closure.Set {
	s := closure.New(tree, closure.Settings{Path: []string{"/usr/bin", "/bin"}, WorkingDir: "/app", Env: map[string]string{}})
	add(s)
	s.Settle()
	return s
}

func TestWhatFilesNeed(t *testing.T) {
	cases := []struct {
		name  string
		files map[string]string
		add   func(*closure.Set)
		want  []string // and nothing else
	}{
		{
			"a command through links and an interpreter",
			map[string]string{"bin": "-> usr/bin", "usr/bin/serve": "-> /opt/serve", "opt/serve": "#!/usr/bin/env -S python3\nimport os\n", "usr/bin/env": "x", "usr/bin/python3": "x", "usr/bin/other": "x"},
			func(s *closure.Set) { s.AddCommand([]string{"serve"}) },
			[]string{"opt/serve", "usr/bin/env", "usr/bin/python3"},
		},
		{
			"a shell line names programs",
			map[string]string{"bin/sh": "x", "usr/bin/curl": "x", "usr/bin/wget": "x", "app/run.sh": "#!/bin/sh\nexec wget\n", "etc/shop.conf": "x"},
			func(s *closure.Set) {
				s.AddCommand([]string{"/bin/sh", "-c", "curl -f x || ./run.sh --file=/etc/shop.conf"})
			},
			[]string{"app/run.sh", "bin/sh", "etc/shop.conf", "usr/bin/curl", "usr/bin/wget"},
		},
		{
			"an argument is no shell line",
			map[string]string{"bin/sh": "x", "usr/bin/nginx": "x", "usr/bin/off": "x"},
			func(s *closure.Set) { s.AddCommand([]string{"nginx", "-g", "daemon off;"}) },
			[]string{"usr/bin/nginx"},
		},
		{
			"modules of Python",
			map[string]string{
				"app/shop.py":                         "import os, json as j\nfrom .menu import (\n  food,\n  drink)\ndef f():\n    from flask import Flask\n    importlib.import_module('late.one')\n",
				"app/menu/__init__.py":                "",
				"app/menu/food.py":                    "",
				"app/menu/unused.py":                  "",
				"usr/lib/python3.11/os.py":            "",
				"usr/lib/python3.11/json/__init__.py": "from . import scan",
				"usr/lib/python3.11/json/scan.py":     "import _json",
				"usr/lib/python3.11/json/tool.py":     "",
				"usr/lib/python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so":     "x",
				"usr/lib/python3/dist-packages/flask/__init__.py":                          "",
				"usr/lib/python3/dist-packages/flask/__pycache__/__init__.cpython-311.pyc": "x",
				"usr/lib/python3/dist-packages/late/__init__.py":                           "",
				"usr/lib/python3/dist-packages/late/one.py":                                "",
				"usr/lib/python3/dist-packages/unused.py":                                  "",
			},
			func(s *closure.Set) { s.Add("app/shop.py") },
			[]string{
				"app/menu/__init__.py", "app/menu/food.py", "app/shop.py",
				"usr/lib/python3.11/json/__init__.py", "usr/lib/python3.11/json/scan.py",
				"usr/lib/python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so", "usr/lib/python3.11/os.py",
				"usr/lib/python3/dist-packages/flask/__init__.py", "usr/lib/python3/dist-packages/flask/__pycache__/__init__.cpython-311.pyc",
				"usr/lib/python3/dist-packages/late/__init__.py", "usr/lib/python3/dist-packages/late/one.py",
			},
		},
		{
			"names that Python makes up",
			map[string]string{
				"lib/sysconfig.py": "__import__(name, globals())", "lib/_sysconfigdata_x.py": "", "lib/other.py": "",
				"lib/codecs/__init__.py": "__import__('codecs.' + name)", "lib/codecs/utf.py": "", "lib/plain/__init__.py": "__import__('plain.a')", "lib/plain/b.py": "",
			},
			func(s *closure.Set) {
				s.Add("lib/sysconfig.py")
				s.Add("lib/codecs/__init__.py")
				s.Add("lib/plain/__init__.py")
			},
			[]string{"lib/_sysconfigdata_x.py", "lib/codecs/__init__.py", "lib/codecs/utf.py", "lib/plain/__init__.py", "lib/sysconfig.py"},
		},
		{
			"the source of compiled Python",
			map[string]string{"lib/a.py": "", "lib/__pycache__/a.cpython-311.pyc": "x"},
			func(s *closure.Set) { s.Add("lib/__pycache__/a.cpython-311.pyc") },
			[]string{"lib/__pycache__/a.cpython-311.pyc", "lib/a.py"},
		},
		{
			"modules of Node",
			map[string]string{
				"app/shop.js":                            "const e = require('express'); import('./late.mjs'); require(\"./data\")",
				"app/late.mjs":                           "import x from '@a/b/sub'",
				"app/data.json":                          "{}",
				"app/node_modules/express/package.json":  `{"main":"lib/main"}`,
				"app/node_modules/express/lib/main.js":   "",
				"app/node_modules/express/lib/unused.js": "",
				"app/node_modules/@a/b/package.json":     `{"exports":{"./sub":{"import":"./esm/sub.mjs","require":"./cjs/sub.cjs"}}}`,
				"app/node_modules/@a/b/esm/sub.mjs":      "",
				"app/node_modules/@a/b/cjs/sub.cjs":      "",
				"app/node_modules/other/package.json":    `{}`,
				"app/node_modules/other/index.js":        "",
			},
			func(s *closure.Set) { s.Add("app/shop.js") },
			[]string{
				"app/data.json", "app/late.mjs", "app/node_modules/@a/b/cjs/sub.cjs", "app/node_modules/@a/b/esm/sub.mjs",
				"app/node_modules/@a/b/package.json", "app/node_modules/express/lib/main.js", "app/node_modules/express/package.json", "app/shop.js",
			},
		},
		{
			"a module that makes up names keeps its package",
			map[string]string{
				"app/node_modules/a/index.js": "require(x)", "app/node_modules/a/plugin.js": "", "app/node_modules/a/node_modules/b/index.js": "",
			},
			func(s *closure.Set) { s.Add("app/node_modules/a/index.js") },
			[]string{"app/node_modules/a/index.js", "app/node_modules/a/plugin.js"},
		},
		{
			"name services",
			map[string]string{"etc/nsswitch.conf": "hosts: files dns # x\npasswd: ldap\n", "usr/lib/x86_64-linux-gnu/libnss_dns.so.2": "x", "usr/lib/x86_64-linux-gnu/libnss_ldap.so.2": "x", "usr/lib/x86_64-linux-gnu/libnss_x.so.2": "x"},
			func(s *closure.Set) { s.Add("etc/nsswitch.conf") },
			[]string{"etc/nsswitch.conf", "usr/lib/x86_64-linux-gnu/libnss_dns.so.2", "usr/lib/x86_64-linux-gnu/libnss_ldap.so.2"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := settled(rootfstest.Tree(t, c.files), c.add).Files(); !slices.Equal(got, c.want) {
				t.Errorf("uses\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestLibrariesOfARealProgram takes a program of this machine.
func TestLibrariesOfARealProgram(t *testing.T) {
	program, err := os.ReadFile("/bin/ls")
	if err != nil {
		t.Skipf("there is no program to look at: %v", err)
	}
	if !strings.Contains(string(program), "libc.so.6") {
		t.Skip("the program is not linked with glibc")
	}
	tree := rootfstest.Tree(t, map[string]string{
		"bin/ls": string(program), "etc/ld.so.conf": "include /etc/ld.so.conf.d/*.conf\n", "etc/ld.so.conf.d/own.conf": "# x\n/opt/own\n",
		"opt/own/libc.so.6": "x", "opt/other/libc.so.6": "x",
	})
	s := settled(tree, func(s *closure.Set) { s.Add("bin/ls") })
	if !s.Uses("opt/own/libc.so.6") || s.Uses("opt/other/libc.so.6") {
		t.Errorf("uses %v", s.Files())
	}
}

func FuzzSettle(f *testing.F) {
	f.Add("import a\nfrom .b import (c\n", "require('./b.py'); import('x')", "#!/usr/bin/env sh\nfoo", "\x7fELF\x02\x01\x01")
	f.Fuzz(func(t *testing.T, python, node, script, program string) {
		tree := rootfstest.Tree(t, map[string]string{"app/a.py": python, "app/b.js": node, "app/c": script, "app/d": program, "app/package.json": node})
		settled(tree, func(s *closure.Set) { s.AddFolder("app") })
	})
}
