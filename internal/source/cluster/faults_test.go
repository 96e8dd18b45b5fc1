package cluster

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/foilsec/foil/internal/graph"
)

// faultyServer is an API server with two kinds, to show faults that a real one
// can't be made to have at will. Pods are answered by the test.
func faultyServer(t *testing.T, pods http.HandlerFunc) Options {
	t.Helper()
	mux := http.NewServeMux()
	reply := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, body) })
	}
	reply("/api", `{"kind":"APIVersions","versions":["v1"]}`)
	reply("/apis", `{"kind":"APIGroupList","apiVersion":"v1","groups":[]}`)
	reply("/api/v1", `{"kind":"APIResourceList","groupVersion":"v1","resources":[
		{"name":"pods","namespaced":true,"kind":"Pod","verbs":["list"]},
		{"name":"pods/log","namespaced":true,"kind":"Pod","verbs":["list"]},
		{"name":"bindings","namespaced":true,"kind":"Binding","verbs":["create"]},
		{"name":"namespaces","kind":"Namespace","verbs":["list"]}]}`)
	reply("/api/v1/namespaces", `{"kind":"NamespaceList","items":[{"metadata":{"name":"shop"}}]}`)
	mux.HandleFunc("/api/v1/pods", pods)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return testOptions(kubeconfigFile(t, strings.ReplaceAll(twoContexts, "https://127.0.0.1:1", server.URL)))
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func writeStatus(w http.ResponseWriter, s metav1.Status) {
	s.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	s.Status = metav1.StatusFailure
	body, _ := json.Marshal(s)
	writeJSON(w, int(s.Code), string(body))
}

func podList(next string, names ...string) string {
	var items []string
	for _, name := range names {
		items = append(items, fmt.Sprintf(`{"metadata":{"name":%q,"namespace":"shop"}}`, name))
	}
	return fmt.Sprintf(`{"kind":"PodList","metadata":{"continue":%q},"items":[%s]}`, next, strings.Join(items, ","))
}

func expired(next string) metav1.Status {
	return metav1.Status{Code: http.StatusGone, Reason: metav1.StatusReasonExpired, Message: "the state is gone", ListMeta: metav1.ListMeta{Continue: next}}
}

// answers replies to each request in turn; the last answer is repeated.
func answers(replies ...any) http.HandlerFunc {
	var mu sync.Mutex
	number := 0
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		reply := replies[min(number, len(replies)-1)]
		number++
		switch reply := reply.(type) {
		case string:
			writeJSON(w, http.StatusOK, reply)
		case metav1.Status:
			if reply.Code == http.StatusTooManyRequests {
				w.Header().Set("Retry-After", "0")
			}
			writeStatus(w, reply)
		}
	}
}

func TestFaultsOfServers(t *testing.T) {
	internal := metav1.Status{Code: 500, Reason: metav1.StatusReasonInternalError, Message: "the store\nis \x1b[31mbroken"}
	for name, test := range map[string]struct {
		pods http.HandlerFunc
		want string // names of the pods that were read
		gap  string // part of the reason, empty for none
	}{
		"pages":                     {answers(podList("2", "a", "b"), podList("", "c")), "a b c", ""},
		"expired, goes on":          {answers(podList("2", "a"), expired("newer"), podList("", "b")), "a b", ""},
		"expired, begins again":     {answers(podList("2", "a"), expired(""), podList("2", "a"), podList("", "c")), "a c", ""},
		"expired again and again":   {answers(podList("2", "a"), expired("2")), "a", "the state is gone"},
		"same page again and again": {answers(podList("2", "a")), "a", "same page again"},
		"busy":                      {answers(metav1.Status{Code: 429, Reason: metav1.StatusReasonTooManyRequests}, podList("", "a")), "a", ""},
		"fails midway":              {answers(podList("2", "a"), internal), "a", "the API server failed: the store is [31mbroken; repeat"},
		"gone":                      {answers(metav1.Status{Code: 404, Reason: metav1.StatusReasonNotFound}), "", "does not serve it"},
		"can't list":                {answers(metav1.Status{Code: 405, Reason: metav1.StatusReasonMethodNotAllowed, Message: "no"}), "", "refuses that: no"},
		"credentials end":           {answers(metav1.Status{Code: 401, Reason: metav1.StatusReasonUnauthorized}), "", "log in again"},
		"too slow":                  {answers(metav1.Status{Code: 504, Reason: metav1.StatusReasonTimeout, Message: "slow"}), "", "did not answer in time"},
		"malformed":                 {answers(`{"items":[{"metadata":{"name":"a"}},{]}`), "", "could not be read"},
		"malformed second page":     {answers(podList("2", "a"), `{"items":[{"metadata":{"name":"b"}},{]}`), "a", "could not be read"},
		"not Kubernetes":            {answers("<html>"), "", "could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			s := scan(t, faultyServer(t, test.pods))
			var names []string
			for pod := range s.OfKind("Pod") {
				names = append(names, pod.Name)
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Errorf("pods %q, want %q", got, test.want)
			}
			gap, found := gapAbout(s, "pods")
			if found != (test.gap != "") || !strings.Contains(gap.Reason, test.gap) {
				t.Errorf("gap %v: %q, want %q", found, gap.Reason, test.gap)
			}
			if s.CountOf("Namespace") != 1 || s.Sees("Pod") == found {
				t.Errorf("%d namespaces, sees pods: %v", s.CountOf("Namespace"), s.Sees("Pod"))
			}
		})
	}
}

// A server whose protobuf is broken is asked for JSON.
func TestBrokenProtobufIsReadAsJSON(t *testing.T) {
	s := scan(t, faultyServer(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Accept"), "protobuf") {
			w.Header().Set("Content-Type", "application/vnd.kubernetes.protobuf")
			_, _ = w.Write([]byte(protobufMagic + "\xff"))
			return
		}
		writeJSON(w, http.StatusOK, podList("", "a"))
	}))
	if _, ok := s.Node(graph.ObjectID("", "Pod", "shop", "a")); !ok || len(s.Gaps()) != 0 {
		t.Errorf("pod read: %v, gaps %+v", ok, s.Gaps())
	}
}

func TestHangingServerIsAGap(t *testing.T) {
	o := faultyServer(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	o.Timeout = 100 * time.Millisecond
	s := scan(t, o)
	if gap, ok := gapAbout(s, "pods"); !ok || !strings.Contains(gap.Reason, "did not answer in time") {
		t.Errorf("gap %v: %q", ok, gap.Reason)
	}
}
