package imagetest

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// ocspRequest is the question in a request, which comes by GET or POST.
func ocspRequest(r *http.Request) []byte {
	if r.Method == http.MethodPost {
		data, _ := io.ReadAll(r.Body)
		return data
	}
	_, text, _ := strings.Cut(r.URL.EscapedPath(), "/ocsp/")
	for range 2 { // clients escape once or twice
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	data, _ := base64.StdEncoding.DecodeString(text)
	return data
}
