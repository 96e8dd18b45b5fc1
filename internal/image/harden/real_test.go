package harden_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/image/harden/archive"
	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/image/harden/stage"
)

// recipes are three images as people build them: what they need at run time,
// and what was left in them.
func recipes() []recipe {
	return []recipe{
		{
			name: "nginx", packages: []string{"nginx", "ca-certificates", "curl"},
			files: map[string]string{"etc/nginx/nginx.conf": nginxConfig},
			run:   archive.Run{Entrypoint: []string{"nginx"}, Cmd: []string{"-g", "daemon off;"}, StopSignal: "SIGQUIT"},
		},
		{
			name: "python", packages: []string{"python3", "python3-flask", "ca-certificates", "curl", "git"},
			files:  map[string]string{"app/shop.py": shopPython},
			run:    archive.Run{Cmd: []string{"python3", "shop.py"}, WorkingDir: "/app", Env: []string{"PORT=8080"}},
			verify: []string{"http://127.0.0.1:8080/zone"},
		},
		{
			name: "node", packages: []string{"nodejs", "ca-certificates", "curl", "gnupg", "git"}, npm: []string{"express@4", "mocha@10", "nodemon@3"},
			files: map[string]string{"app/shop.js": shopNode, "app/package.json": `{"name":"shop","version":"1.0.0","private":true}`},
			run:   archive.Run{Cmd: []string{"node", "shop.js"}, WorkingDir: "/app", Env: []string{"NODE_ENV=production"}},
		},
	}
}

const nginxConfig = `pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
	include mime.types;
	access_log /dev/stdout;
	client_body_temp_path /tmp/body;
	proxy_temp_path /tmp/proxy;
	fastcgi_temp_path /tmp/fastcgi;
	uwsgi_temp_path /tmp/uwsgi;
	scgi_temp_path /tmp/scgi;
	server { listen 8080; root /var/www/html; index index.nginx-debian.html; }
}
`

const shopPython = `import os
from flask import Flask, jsonify

app = Flask(__name__)

@app.route("/")
def index():
    return jsonify(burritos=3)

@app.route("/zone")
def zone():
    import zoneinfo
    return str(zoneinfo.ZoneInfo("UTC"))

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
`

const shopNode = `const express = require('express');
const app = express();
app.get('/', (request, response) => response.json({ burritos: 3 }));
app.listen(8080, '127.0.0.1');
`

// check reads a check.
func check(t *testing.T, text string) stage.Check {
	t.Helper()
	c, err := stage.ParseCheck(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hardenOptions(t *testing.T, image string) harden.Options {
	t.Helper()
	return harden.Options{
		Image: image, Output: filepath.Join(t.TempDir(), "small.tar"), Level: prune.App,
		Probes: []stage.Check{check(t, "http://127.0.0.1:8080/")},
		Start:  harden.DefaultStart, Version: "test", Reference: "shop:small",
	}
}

// TestRealImagesBecomeSmall holds the promise: three of five packages and half
// of the size go, the program still answers, and the rest is still described.
func TestRealImagesBecomeSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes three images of Debian, and runs each several times")
	}
	for _, r := range recipes() {
		t.Run(r.name, func(t *testing.T) {
			o := hardenOptions(t, r.build(t))
			for _, text := range r.verify {
				o.Verify = append(o.Verify, check(t, text))
			}
			o.Findings = flawCounter(t)
			report, profile, err := harden.Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			holdsShares(t, report)
			holdsFlaws(t, report)
			keepsVersions(t, o.Image, o.Output, report)
			if report.User.After != "65532:65532" {
				t.Errorf("it runs as %q: %s", report.User.After, report.User.Detail)
			}
			again := o
			again.Output, again.Profile, again.Findings = filepath.Join(t.TempDir(), "again.tar"), profile, nil
			if _, _, err := harden.Run(context.Background(), again); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(read(t, o.Output), read(t, again.Output)) {
				t.Error("the same image and profile gave other bytes")
			}
		})
	}
}

// holdsShares compares what went with what is promised.
func holdsShares(t *testing.T, r *harden.Report) {
	t.Helper()
	packages := harden.Share(int64(r.Before.Packages), int64(r.After.Packages))
	size := harden.Share(r.Before.Bytes, r.After.Bytes)
	t.Logf("packages %d → %d (-%.0f %%), MB %d → %d (-%.0f %%), files %d → %d, shells %v → %v, setuid %d → %d",
		r.Before.Packages, r.After.Packages, 100*packages, r.Before.Bytes/1e6, r.After.Bytes/1e6, 100*size,
		r.Before.Files, r.After.Files, r.Before.Shells, r.After.Shells, len(r.Before.Setuid), len(r.After.Setuid))
	if packages < 0.6 || size < 0.5 {
		t.Errorf("less went than promised; these stayed: %v", r.Stripped)
	}
}

// packagesOf lists the packages of an image.
func packagesOf(t *testing.T, file string) []string {
	t.Helper()
	image, err := archive.Open(context.Background(), file, "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = image.Close() }()
	tree, err := rootfs.New(t.TempDir(), rootfs.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tree.Close() }()
	if err := image.EachLayer(context.Background(), func(r io.Reader) error { return tree.Apply(context.Background(), r) }); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range inventory.Read(tree).Packages {
		list = append(list, p.PURL("debian"))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestAResultThatFailsIsNotWritten checks something that nothing was seen to
// use.
func TestAResultThatFailsIsNotWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes an image of Debian")
	}
	o := hardenOptions(t, recipes()[0].build(t))
	o.Verify = []stage.Check{check(t, "exec:perl -e 1")}
	_, _, err := harden.Run(context.Background(), o)
	var refusal *harden.Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "perl") {
		t.Fatalf("%v, want a refusal that names the check", err)
	}
	if exists(o.Output) {
		t.Error("the image was written")
	}
	o.Keep = []string{"perl-base"}
	report, _, err := harden.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(report.Checks, "exec:perl -e 1") {
		t.Errorf("checks %v", report.Checks)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
