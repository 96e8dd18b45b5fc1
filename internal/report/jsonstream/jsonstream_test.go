package jsonstream

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

func TestWriter(t *testing.T) {
	var b strings.Builder
	s := New(&b)
	s.Object(func() {
		s.Field("text", "<a> & \u2028 \xff")
		s.ObjectField("empty", func() {})
		s.ArrayField("none", func() {})
		s.ArrayField("list", func() {
			s.Item(map[string]int{"b": 2, "a": 1})
			s.Object(func() { s.Field("x", []int{1, 2}) })
		})
		s.Field("last", nil)
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := `{
  "text": "<a> & \u2028 ` + "\ufffd" + `",
  "empty": {},
  "none": [],
  "list": [
    {"a":1,"b":2},
    {
      "x": [1,2]
    }
  ],
  "last": null
}
`
	want = strings.Replace(want, "\ufffd", `\ufffd`, 1)
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if !json.Valid([]byte(b.String())) {
		t.Error("not valid JSON")
	}
}

func TestErrors(t *testing.T) {
	full := errors.New("disk is full")
	s := New(failing{full})
	s.Object(func() { s.Field("a", strings.Repeat("x", 1<<20)) })
	if err := s.Close(); !errors.Is(err, full) {
		t.Errorf("error of the destination: %v", err)
	}
	s = New(io.Discard)
	s.Object(func() { s.Field("a", math.NaN()) })
	if err := s.Close(); err == nil {
		t.Error("a value that JSON cannot hold gave no error")
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
