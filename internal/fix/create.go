package fix

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
)

// creation is a new object in a file of its own.
type creation struct {
	id        graph.NodeID
	kind      graph.Kind
	namespace string
	name      string
	model     any
	content   string
	text      *text
	// origin is what reads the new file: itself, or the Kustomize root that it
	// is put into. It is empty when there is no folder to put it into.
	origin string
}

// create plans the object that a fix creates.
func (r *round) create(t *task, content string) error {
	c, err := parseCreation(content)
	if err != nil {
		return patch.Refuse("the object that the fix creates can't be read: %v", "修复要创建的对象无法读取：%v", err)
	}
	if _, exists := r.snapshot.Node(c.id); exists {
		return patch.Refuse("%s exists already; change it by hand", "%s 已存在；请手动修改", string(c.id))
	}
	return r.join(t, c)
}

func parseCreation(content string) (*creation, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(content), &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, errors.New("it is empty")
	}
	model, err := patch.ModelOf(document.Content[0])
	if err != nil {
		return nil, err
	}
	object, _ := model.(map[string]any)
	metadata, _ := object["metadata"].(map[string]any)
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	if apiVersion == "" || kind == "" || name == "" {
		return nil, errors.New("it has no apiVersion, kind or name")
	}
	group, _ := graph.SplitAPIVersion(apiVersion)
	return &creation{
		id: graph.ObjectID(group, kind, namespace, name), kind: graph.GroupKind(group, kind),
		namespace: namespace, name: name, model: model, content: strings.TrimRight(content, "\n") + "\n",
	}, nil
}

// join gives a task a new object; one that several tasks need is made once.
func (r *round) join(t *task, c *creation) error {
	for _, known := range r.creations {
		if known.id != c.id {
			continue
		}
		if !patch.SameModel(known.model, c.model) {
			return patch.Refuse("another fix creates %s with other content", "另一项修复以不同的内容创建 %s", string(c.id))
		}
		t.creates = append(t.creates, known)
		return nil
	}
	if err := r.house(t, c); err != nil {
		return err
	}
	r.creations = append(r.creations, c)
	t.creates = append(t.creates, c)
	return nil
}

// createNamespace plans a Namespace that the labels of a fix go to.
func (r *round) createNamespace(t *task, name string, e patch.Edit) error {
	quoted, err := yaml.Marshal(name)
	if err != nil {
		return err
	}
	c, err := parseCreation(fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s", quoted))
	if err != nil {
		return err
	}
	if err := r.join(t, c); err != nil {
		return err
	}
	made := t.creates[len(t.creates)-1]
	made.text.edits = append(made.text.edits, yamledit.Edit{Owner: t.number, Edit: e})
	return nil
}

// needed reports whether an active task needs the object.
func (r *round) needed(c *creation) bool {
	for _, t := range r.tasks {
		if !t.active() {
			continue
		}
		for _, own := range t.creates {
			if own == c {
				return true
			}
		}
	}
	return false
}

// createdNode is the node of a new object, if it is one that was asked for.
func (r *round) createdNode(origin string, v graph.Value) (graph.Node, bool) {
	for _, c := range r.creations {
		group, _ := graph.SplitAPIVersion(v.Get("apiVersion").Str())
		if c.origin != origin || graph.GroupKind(group, v.Get("kind").Str()) != c.kind || v.At("metadata", "name").Str() != c.name {
			continue
		}
		return graph.Node{
			ID: c.id, Kind: c.kind, Namespace: c.namespace, Name: c.name, Object: v,
			Provenance: graph.Provenance{Source: "manifest", Origin: origin, Position: v.Position()},
		}, true
	}
	return graph.Node{}, false
}

// house finds the file for a new object: beside the others of its namespace.
func (r *round) house(t *task, c *creation) error {
	home, ok := r.homeOf(c)
	if !ok {
		c.text = newText("", c.content)
		return nil
	}
	name, err := r.freeName(home.dir, c)
	if err != nil {
		return err
	}
	c.text, c.origin = newText(name, c.content), name
	r.texts[name] = c.text
	if home.kustomization == "" {
		return nil
	}
	c.origin = home.dir
	return r.addResource(t, home.kustomization, path.Base(name))
}

func newText(name, content string) *text {
	return &text{name: name, base: []byte(content), isNew: true, open: yamledit.Open([]byte(content), yamledit.Options{})}
}

// addResource names a new file in the kustomization file beside it.
func (r *round) addResource(t *task, kustomization, name string) error {
	text, err := r.text(kustomization, false)
	if err != nil {
		return err
	}
	value := &yaml.Node{}
	value.SetString(name)
	text.edits = append(text.edits, yamledit.Edit{Owner: t.number, Edit: patch.Edit{
		Operation: finding.Append, Path: patch.Path{patch.Field("resources")}, Value: value,
	}})
	return nil
}

// freeName is a name for the file of an object that no file has.
func (r *round) freeName(dir string, c *creation) (string, error) {
	kind := string(c.kind)
	base := strings.ToLower(kind[strings.LastIndexByte(kind, '/')+1:]) + "-" + c.name
	if c.namespace != "" {
		base += "-" + c.namespace
	}
	base = strings.Map(fileLetter, base)
	const tries = 100
	for i := range tries {
		name := path.Join(dir, base+".yaml")
		if i > 0 {
			name = path.Join(dir, base+"-"+strconv.Itoa(i+1)+".yaml")
		}
		if r.texts[name] != nil {
			continue
		}
		data, err := r.content(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if there, parseErr := parseCreation(string(data)); err == nil && parseErr == nil && there.id == c.id {
			return "", patch.Refuse("%s holds the object already, but is not among what was read", "%s 已包含该对象，但不在已读取的内容中", name)
		}
	}
	return "", patch.Refuse("there is no free file name for %s in %s", "%[2]s 中没有可用于 %[1]s 的文件名", string(c.id), dir)
}

// fileLetter keeps what every file system takes.
func fileLetter(c rune) rune {
	switch {
	case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '.':
		return c
	}
	return '-'
}
