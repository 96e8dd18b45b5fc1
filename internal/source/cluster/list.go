package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/cluster/decode"
)

// What is asked for. Secrets have a form of their own.
const (
	acceptProtobuf = "application/vnd.kubernetes.protobuf,application/json;q=0.5"
	acceptJSON     = "application/json"
	protobufMagic  = "k8s\x00"
)

// maxPage bounds one answer of the server. The store of a cluster holds
// objects of at most 1.5 MB, so that pages of a usual size stay below.
const maxPage = 1 << 30

// maxRestarts is how often a list is begun again when the server has forgotten
// the state that its pages are read from.
const maxRestarts = 3

// lister reads the lists of one worker, one at a time.
type lister struct {
	client   rest.Interface
	decoder  *decode.Decoder
	schemas  *decode.Schemas
	pageSize int
	now      func() time.Time
}

// observed is an object and when it was read.
type observed struct {
	document *graph.Document
	at       time.Time
}

// list reads a resource page by page, in one namespace or all. When it fails
// midway it returns what was read before along with the error.
func (l *lister) list(ctx context.Context, r resource, namespace string) ([]observed, error) {
	s := listState{accept: l.accept(r)}
	for {
		token, err := l.page(ctx, r, namespace, &s)
		switch {
		case err == nil && token == "":
			return s.objects, nil
		case err == nil:
			s.token = token
		case !s.recover(err):
			return s.objects, err
		}
	}
}

func (l *lister) accept(r resource) string {
	switch {
	case r.isSecret():
		return decode.SecretAccept
	case l.schemas.Has(r.decodeType()):
		return acceptProtobuf
	}
	return acceptJSON
}

// listState is how far a list has been read.
type listState struct {
	accept   string
	token    string // of the page to read next
	objects  []observed
	restarts int
}

// recover finds a way on after a page failed; false means that there is none.
func (s *listState) recover(err error) bool {
	var decoding *decodeError
	switch {
	case errors.As(err, &decoding) && s.accept == acceptProtobuf:
		s.accept = acceptJSON
		return true
	case apierrors.IsResourceExpired(err) && s.token != "" && s.restarts < maxRestarts:
		s.restarts++
		// The server offers to go on from the same place in a newer state.
		// Names are read in order, so that no object comes twice.
		s.token = continueInNewerState(err)
		if s.token == "" {
			s.objects = nil
		}
		return true
	}
	return false
}

func continueInNewerState(err error) string {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Continue
	}
	return ""
}

// page reads the next page into the state and returns the token of the one
// after it.
func (l *lister) page(ctx context.Context, r resource, namespace string, s *listState) (token string, err error) {
	request := l.client.Get().AbsPath(r.path(namespace)).SetHeader("Accept", s.accept).Param("limit", strconv.Itoa(l.pageSize))
	if s.token != "" {
		request.Param("continue", s.token)
	}
	body, err := fetch(ctx, request)
	if err != nil {
		return "", err
	}
	at, before := l.now(), len(s.objects)
	list, err := l.decode(body, r, func(d *graph.Document) { s.objects = append(s.objects, observed{d, at}) })
	if err == nil && list.Continue != "" && list.Continue == s.token {
		err = errors.New("it is the same page again")
	}
	if err != nil {
		s.objects = s.objects[:before]
		return "", &decodeError{err}
	}
	return list.Continue, nil
}

func (l *lister) decode(body string, r resource, emit func(*graph.Document)) (decode.List, error) {
	switch {
	case r.isSecret():
		return l.decoder.Secrets(body, emit)
	case strings.HasPrefix(body, protobufMagic):
		return l.decoder.Protobuf(body, r.decodeType(), emit)
	}
	return l.decoder.JSON(body, r.decodeType(), emit)
}

// decodeError says that an answer came but could not be understood.
type decodeError struct{ err error }

func (e *decodeError) Error() string {
	return "the answer of the API server could not be read: " + e.err.Error()
}
func (e *decodeError) Unwrap() error { return e.err }

// fetch sends a request and returns the whole answer.
func fetch(ctx context.Context, request *rest.Request) (string, error) {
	stream, err := request.Stream(ctx)
	if err != nil {
		return "", err
	}
	defer stream.Close()
	var body strings.Builder
	n, err := io.Copy(&body, io.LimitReader(stream, maxPage+1))
	if err != nil {
		return "", err
	}
	if n > maxPage {
		return "", fmt.Errorf("the API server sent a page of more than %d MiB; use smaller pages", maxPage>>20)
	}
	return body.String(), nil
}
