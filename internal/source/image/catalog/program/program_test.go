package program_test

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/program"
)

const filling = "\x7fELF\x00\x01\x00some other text 9.9.9.9\x00\xff\x00"

func TestMarks(t *testing.T) {
	for _, test := range []struct{ path, content, want string }{
		{"usr/local/bin/redis-server", "5.2.1-0-g\x007.0.15\x007.0.15builder-1706123456000000000\x00", "redis 7.0.15"},
		{"usr/local/bin/redis-server", "A7.0.151790282056000000000\x00\x007.0.15\x00", "redis 7.0.15"},
		{"usr/local/bin/redis-server", "\x002.3.4\x00", ""},
		{"usr/sbin/nginx", "nginx version: nginx/1.22.1\n", "nginx 1.22.1"},
		{"usr/local/sbin/haproxy", "not supported since HAProxy version 2.5.1.\x00 version 2.6.12-1+deb12u4, released 2026/10/17", "haproxy 2.6.12"},
		{"usr/local/apache2/bin/httpd", "Apache/2\x00Apache/2.4.57 (Unix)", "httpd 2.4.57"},
		{"usr/local/bin/postgres", "PostgreSQL 15.4 (Debian 15.4-1) on x86_64", "postgresql 15.4"},
		{"usr/sbin/mysqld", "/build/mysql-8.0.35/sql/x.cc", "mysql 8.0.35"},
		{"usr/sbin/mariadbd", "10.11.6-MariaDB\x00", "mariadb 10.11.6"},
		{"usr/local/bin/memcached", "memcached 1.6.18\n", "memcached 1.6.18"},
		{"usr/local/bin/envoy", "abc/1.29.1/Clean/RELEASE/BoringSSL", "envoy 1.29.1"},
		{"usr/local/bin/node", "node.js/v20.20.2\x00", "node 20.20.2"},
		{"usr/local/bin/python3.12", "/x/Python-3.12.1\x00", "python 3.12.1"},
		{"usr/local/lib/libpython3.11.so.1.0", "13.11.9\x003.11.7\x00", "python 3.11.7"},
		{"usr/local/lib/libpython3.6m.so.1.0", "\x003.6.15\x00", "python 3.6.15"},
		{"usr/local/bin/perl", "\x00v5.36.0\x00", "perl 5.36.0"},
		{"usr/local/bin/ruby", "ruby 3.1.2p20 (2022-04-12 revision x)", "ruby 3.1.2p20"},
		{"usr/local/bin/php8.2", "X-Powered-By: PHP/8.2.0-rc1\x00", "php 8.2.0-rc1"},
		{"usr/local/bin/openssl", "OpenSSL 1.1.1w  11 Sep 2023", "openssl 1.1.1w"},
		{"usr/local/lib/libcrypto.so.3", "OpenSSL 3.0.19 27 Jan 2026\x00", "openssl 3.0.19"},
		{"bin/busybox", "BusyBox v1.36.1 (2024)", "busybox 1.36.1"},
		{"usr/local/go/VERSION", "go1.26.8\ntime 2026\n", "stdlib 1.26.8 toolchain 1.26.8"},
		{"opt/java/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\n", "java 17.0.15"},
		{"usr/local/lib/erlang/releases/26/OTP_VERSION", "26.2.1\n", "erlang 26.2.1"},
		{"var/www/wp-includes/version.php", "<?php\n$wp_version = '6.4.2';\n", "wordpress 6.4.2"},
	} {
		content := test.content
		if !strings.Contains(test.path, "VERSION") && !strings.HasSuffix(test.path, "release") {
			content = filling + content + filling
		}
		found := catalogtest.Read(t, program.Reader(), catalogtest.Program(test.path, []byte(content)))
		var got []string
		for _, p := range found.Packages {
			got = append(got, p.Name+" "+p.Version)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s %q: %q, want %q", test.path, test.content, got, test.want)
		}
	}
}

func TestOnlyNamedFiles(t *testing.T) {
	for path, executable := range map[string]bool{"usr/bin/ls": true, "usr/local/bin/python3": true, "usr/bin/nginx": false, "usr/bin/python3-config": true, "etc/release.txt": false, "VERSION": false} {
		name := catalog.NewName(path, 100, executable)
		if program.Reader().Wants(&name) != catalog.Nothing {
			t.Errorf("%s is wanted", path)
		}
	}
}

// TestProgramsOfThisMachine compares with what each program says of itself.
func TestProgramsOfThisMachine(t *testing.T) {
	version := regexp.MustCompile(`\d+(\.\d+)+[a-z]?`)
	for path, flag := range map[string]string{"/usr/bin/bash": "--version", "/usr/bin/perl": "-v", "/usr/bin/openssl": "version", "/usr/bin/curl": "--version", "/usr/bin/node": "--version", "/usr/bin/busybox": "--help"} {
		out, err := exec.Command(path, flag).CombinedOutput()
		if err != nil {
			t.Logf("this machine has no %s: %v", path, err)
			continue
		}
		found := catalogtest.Read(t, program.Reader(), catalogtest.Program(path[1:], catalogtest.Disk(t, path)))
		if want := version.FindString(string(out)); len(found.Packages) != 1 || found.Packages[0].Version != want {
			t.Errorf("%s: %+v, want %s", path, found.Packages, want)
		}
	}
	content, err := os.ReadFile(runtime.GOROOT() + "/VERSION") //nolint:staticcheck // any distribution of Go will do
	if err != nil {
		t.Skipf("Go is not here as a distribution: %v", err)
	}
	found := catalogtest.Read(t, program.Reader(), catalogtest.File("usr/local/go/VERSION", content))
	if len(found.Packages) != 2 || !strings.HasPrefix(runtime.Version(), "go"+found.Packages[0].Version) {
		t.Errorf("%+v, want %s", found.Packages, runtime.Version())
	}
}

func TestAVersionAcrossParts(t *testing.T) {
	for _, before := range []int{256<<10 - 5, 256 << 10, 512<<10 - 20} {
		content := strings.Repeat("x", before) + "nginx version: nginx/1.22.1\n" + strings.Repeat("x", 300<<10)
		found := catalogtest.Read(t, program.Reader(), catalogtest.Program("usr/sbin/nginx", []byte(content)))
		if len(found.Packages) != 1 || found.Packages[0].Version != "1.22.1" {
			t.Errorf("after %d bytes: %+v", before, found.Packages)
		}
	}
}

func FuzzPrograms(f *testing.F) {
	f.Add([]byte("\x001.2.3\x001.2.3-1234567890"))
	f.Add([]byte("OpenSSL 1.1.1w  "))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, path := range []string{"redis-server", "haproxy", "mariadbd", "python3.12", "perl", "go/VERSION", "release", "OTP_VERSION"} {
			found, err := program.Reader().Read(t.Context(), catalogtest.Program(path, content))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range found.Packages {
				if p.Version == "" {
					t.Fatalf("%+v", p)
				}
			}
		}
	})
}
