package dockerfile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/graph"
)

func parsed(t *testing.T, text string) graph.Value {
	t.Helper()
	v, err := Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const sample = `# syntax=docker/dockerfile:1
# escape=\

ARG VERSION=1.18
ARG REPO
FROM --platform=linux/arm64 nginx:${VERSION} AS web
# a comment
ENV A=1 B="two words" C=x\ y
ENV OLD the whole line
RUN apt-get update && \
    # inside

    apt-get install -y curl
COPY --from=build --chown=1:1 a b
from web as last
CMD ["nginx", "-g", "daemon off;"]
RUN <<-EOF cat && <<'TWO' sh
	one
	EOF
two $A
TWO
USER 10001
`

func TestParse(t *testing.T) {
	v := parsed(t, sample)
	for path, want := range map[string]string{
		"0 from": "nginx:${VERSION}", "0 image": "nginx:1.18", "0 name": "web", "0 platform": "linux/arm64",
		"1 from": "web", "1 stage": "0", "1 image": "", "1 name": "last",
	} {
		var index int
		var field string
		if _, err := fmt.Sscan(path, &index, &field); err != nil {
			t.Fatal(err)
		}
		if got := v.Get("stages").Item(index).Get(field).Text(); got != want {
			t.Errorf("stage %s is %q, want %q", path, got, want)
		}
	}
	if at := v.Get("stages").Item(0).Get("from").Position(); at != (graph.Position{File: "Dockerfile", Line: 6, Column: 29}) {
		t.Errorf("the image stands at %+v", at)
	}
	var got []string
	for _, s := range v.Get("stages").Items() {
		for _, in := range s.Get("instructions").Items() {
			got = append(got, fmt.Sprintf("%d-%s %s", in.Position().Line, in.Get("end").Text(), in.Get("keyword").Str()))
		}
	}
	want := []string{"8-8 ENV", "9-9 ENV", "10-13 RUN", "14-14 COPY", "16-16 CMD", "17-21 RUN", "22-22 USER"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInstructions(t *testing.T) {
	v := parsed(t, sample)
	first, last := v.Get("stages").Item(0).Get("instructions"), v.Get("stages").Item(1).Get("instructions")
	for _, test := range []struct {
		got  any
		want string
	}{
		{first.Item(0).Get("variables").Any(), "[map[name:A value:1] map[name:B value:two words] map[name:C value:x y]]"},
		{first.Item(1).Get("variables").Any(), "[map[name:OLD value:the whole line]]"},
		{first.Item(2).Get("text").Str(), "apt-get update &&     apt-get install -y curl"},
		{first.Item(3).Get("flags").Any(), "[--from=build --chown=1:1]"},
		{first.Item(3).Get("text").Str(), "a b"},
		{last.Item(0).Get("exec").Any(), "[nginx -g daemon off;]"},
		{last.Item(1).Get("heredocs").Any(), "[one\n two $A\n]"},
		{v.Get("arguments").Any(), "[map[name:VERSION value:1.18] map[name:REPO]]"},
	} {
		if got := fmt.Sprint(test.got); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestEscape(t *testing.T) {
	v := parsed(t, "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\r\nRUN dir C:\\ `\r\n  && echo x\r\n")
	if got := v.Get("stages").Item(0).Get("instructions").Item(0).Get("text").Str(); got != `dir C:\   && echo x` {
		t.Errorf("got %q", got)
	}
}

func TestExpand(t *testing.T) {
	v := variables{"A": "1", "E": ""}
	for text, want := range map[string]string{
		"x$A": "x1", "x${A}y": "x1y", "${B:-2}": "2", "${E:-2}": "2", "${A:+3}": "3", "${B:+3}": "", "${E}": "", "$": "$",
		"$B": "!", "${B": "!", "${A:?}": "!", "$-": "!",
	} {
		got, ok := v.expand(text)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestUnknownArgumentsLeaveTheImageOpen(t *testing.T) {
	s := parsed(t, "ARG V\nFROM a:$V\nFROM ${X:-b}:1\n").Get("stages")
	if s.Item(0).Get("image").Exists() || s.Item(1).Get("image").Str() != "b:1" {
		t.Errorf("%v", s.Any())
	}
}

func TestFiles(t *testing.T) {
	for name, want := range map[string]bool{
		"Dockerfile": true, "dockerfile": true, "a/Containerfile": true, "web.Dockerfile": true, "Dockerfile.prod": true,
		"Dockerfile.dockerignore": false, "Dockerfile.md": false, "docker-compose.yaml": false, "MyDockerfile": false,
	} {
		if Is(name) != want {
			t.Errorf("%s: %v, want %v", name, !want, want)
		}
	}
}

func TestCollect(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"Dockerfile": "FROM a", "sub/web.dockerfile": "FROM b", "node_modules/x/Dockerfile": "FROM c", ".git/Dockerfile": "FROM d",
		"broken/Dockerfile": "RUN x", "large/Dockerfile": "FROM a\n" + strings.Repeat("#", maxBytes), "other.txt": "FROM a",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(root, "Dockerfile.link")); err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	if err := (Source{Path: root, Now: time.Unix(1, 0)}).Collect(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	s := b.Snapshot()
	var got []string
	for n := range s.Nodes() {
		got = append(got, string(n.ID))
		if n.Provenance.Position.File != filepath.ToSlash(filepath.Join(root, n.Name)) {
			t.Errorf("%s stands in %s", n.ID, n.Provenance.Position.File)
		}
	}
	if want := []string{"dockerfile:Dockerfile", "dockerfile:sub%2Fweb.dockerfile"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if gaps := s.Gaps(); len(gaps) != 2 {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestBounds(t *testing.T) {
	if _, err := Parse("f", []byte("FROM a\n"+strings.Repeat("RUN x\n", maxInstructions))); err == nil {
		t.Error("too many instructions: no error")
	}
	if _, err := Parse("f", []byte("FROM a\nRUN "+strings.Repeat("x", maxInstruction+1))); err == nil {
		t.Error("an endless instruction: no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("FROM a\\\n\\\n#\n b AS c\nCOPY <<A <<B d\n1\nA\n2"))
	f.Add([]byte("# escape=`\nFROM $A${B:-c}${D:+\nENV A\nENV =\nRUN [\"a\"]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Parse("f", data)
		if err != nil {
			return
		}
		lineCount := strings.Count(string(data), "\n") + 1
		for _, s := range v.Get("stages").Items() {
			for _, in := range s.Get("instructions").Items() {
				end, _ := in.Get("end").Int()
				if at := in.Position(); at.Line < 1 || at.Line > int(end) || int(end) > lineCount {
					t.Fatalf("%q stands on lines %d to %d of %d", in.Get("keyword").Str(), at.Line, end, lineCount)
				}
			}
		}
	})
}
