package graph

import (
	"reflect"
	"testing"
)

func TestContentComesBackFromADocument(t *testing.T) {
	type part struct {
		Name  string   `json:"name"`
		Size  int64    `json:"size"`
		Share float64  `json:"share"`
		On    bool     `json:"on"`
		None  *int     `json:"none"`
		Tags  []string `json:"tags"`
	}
	want := map[string]part{"a": {Name: "x", Size: 1 << 53, Share: 0.25, On: true, Tags: []string{"t", ""}}, "b.c": {}}
	d, err := DocumentOf(want)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]part
	if err := d.Root().Decode(&got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, err := DocumentOf(func() {}); err == nil {
		t.Error("a function became a document")
	}
}
