package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"maps"
	"sync"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// Cache keeps bytes between runs. What it loses is computed again.
type Cache interface {
	Get(key string) (value []byte, ok bool)
	Put(key string, value []byte)
}

// objectKey is the hash of everything that the verdicts on one object depend
// on, apart from the policies and settings: the object with its positions, and
// its Namespace.
type objectKey [sha256.Size]byte

// stored is a verdict as it is kept: of values, the numbers in their document.
type stored struct {
	Outcome control.Outcome
	Message string
	Causes  []storedCause
}

type storedCause struct {
	Item, Field int
	Missing     []string
}

// verdicts are the results of an earlier run, and those that this run used or
// made. All of them are one entry of the cache, under the version of the
// policies, so that a changed policy forgets everything.
type verdicts struct {
	cache Cache
	key   string
	old   map[objectKey][]stored
	mu    sync.Mutex
	used  map[objectKey][]stored
}

// loadVerdicts reads what the cache knows about this version of the policies;
// nil when there is no cache.
func loadVerdicts(c Cache, version [sha256.Size]byte) *verdicts {
	if c == nil {
		return nil
	}
	v := &verdicts{cache: c, key: "verdicts-" + hex.EncodeToString(version[:]), used: map[objectKey][]stored{}}
	if data, ok := c.Get(v.key); ok && gob.NewDecoder(bytes.NewReader(data)).Decode(&v.old) != nil {
		v.old = nil
	}
	return v
}

// save keeps what this run used.
func (v *verdicts) save() {
	if v == nil || maps.EqualFunc(v.old, v.used, func(a, b []stored) bool { return len(a) == len(b) }) {
		return
	}
	var data bytes.Buffer
	if gob.NewEncoder(&data).Encode(v.used) == nil {
		v.cache.Put(v.key, data.Bytes())
	}
}

// find gives the results on an object if they are known and fit the plan.
func (v *verdicts) find(key objectKey, programs int) ([]stored, bool) {
	results, ok := v.old[key]
	if !ok || len(results) != programs {
		return nil, false
	}
	v.keep(key, results)
	return results, true
}

func (v *verdicts) keep(key objectKey, results []stored) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.used[key] = results
}

func (w *worker) objectKey(n *graph.Node) (key objectKey) {
	w.buffer = graph.AppendDocument(w.buffer[:0], n.Object.Document())
	w.buffer = binary.AppendUvarint(w.buffer, uint64(n.Object.Index()))
	w.buffer = append(append(w.buffer, n.Namespace...), 0)
	w.buffer = append(append(w.buffer, n.Name...), 0)
	if d := w.namespace(n).Document(); d != nil {
		w.buffer = graph.AppendDocument(w.buffer, d)
	}
	return sha256.Sum256(w.buffer)
}

// recall tells what is known about an object from an earlier run.
func (w *worker) recall(n *graph.Node, p *plan, key objectKey) bool {
	results, ok := w.verdicts.find(key, len(p.programs))
	if !ok {
		return false
	}
	for i, s := range results {
		j := judged{verdict: control.Verdict{Outcome: s.Outcome}, message: s.Message, causes: restore(s.Causes, n.Object.Document())}
		w.tell(n, p.programs[i], &j)
	}
	return true
}

// remember keeps the results on an object, unless one of them is an error:
// what could not be evaluated is tried again.
func (w *worker) remember(n *graph.Node, key objectKey, results []judged) {
	list := make([]stored, len(results))
	for i, j := range results {
		if j.verdict.Outcome == control.Errored {
			return
		}
		list[i] = stored{Outcome: j.verdict.Outcome, Message: j.message}
		for _, c := range j.causes {
			if c.Field.Document() != n.Object.Document() {
				return
			}
			list[i].Causes = append(list[i].Causes, storedCause{c.Item.Index(), c.Field.Index(), c.Missing})
		}
	}
	w.verdicts.keep(key, list)
}

func restore(list []storedCause, d *graph.Document) []control.Cause {
	causes := make([]control.Cause, len(list))
	for i, c := range list {
		causes[i] = control.Cause{Item: d.At(c.Item), Field: d.At(c.Field), Missing: c.Missing}
	}
	return causes
}
