package harden_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/image/harden/archive"
	"github.com/foilsec/foil/internal/image/harden/prune"
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
			files: map[string]string{"app/shop.py": shopPython},
			run:   archive.Run{Cmd: []string{"python3", "shop.py"}, WorkingDir: "/app", Env: []string{"PORT=8080"}},
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

func hardenOptions(t *testing.T, image string) harden.Options {
	t.Helper()
	probe, err := stage.ParseCheck("http://127.0.0.1:8080/")
	if err != nil {
		t.Fatal(err)
	}
	return harden.Options{
		Image: image, Output: filepath.Join(t.TempDir(), "small.tar"), Level: prune.App, Probes: []stage.Check{probe},
		Start: harden.DefaultStart, Version: "test", Reference: "shop:small",
	}
}

// TestRealImagesBecomeSmall holds the promise: three of five packages and half
// of the size go, the program still answers, and the rest is still described.
func TestRealImagesBecomeSmall(t *testing.T) {
	for _, r := range recipes() {
		t.Run(r.name, func(t *testing.T) {
			o := hardenOptions(t, r.build(t))
			report, profile, err := harden.Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			packages := harden.Share(int64(report.Before.Packages), int64(report.After.Packages))
			size := harden.Share(report.Before.Bytes, report.After.Bytes)
			t.Logf("packages %d → %d (-%.0f %%), bytes %d → %d (-%.0f %%), files %d → %d, user %s (%s), shells %v, setuid %v", report.Before.Packages, report.After.Packages, 100*packages,
				report.Before.Bytes, report.After.Bytes, 100*size, report.Before.Files, report.After.Files, report.User.After, report.User.Reason, report.After.Shells, report.After.Setuid)
			if packages < 0.6 || size < 0.5 {
				t.Errorf("less went than promised; stayed in part: %v", report.Stripped)
			}
			again := o
			again.Output, again.Profile = filepath.Join(t.TempDir(), "again.tar"), profile
			if _, _, err := harden.Run(context.Background(), again); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(read(t, o.Output), read(t, again.Output)) {
				t.Error("the same image and profile gave other bytes")
			}
		})
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
