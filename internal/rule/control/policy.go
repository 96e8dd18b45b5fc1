package control

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	yamlv3 "go.yaml.in/yaml/v3"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// Annotation is the annotation of a ValidatingAdmissionPolicy that holds the
// [Metadata] of a control as YAML.
const Annotation = "foil.dev/control"

// Policy is one ValidatingAdmissionPolicy as written, not yet compiled.
type Policy struct {
	Metadata
	Name string // of the Kubernetes object
	File string // where it was read, for messages
	Spec admissionv1.ValidatingAdmissionPolicySpec
	// Bindings are those of the same folder that name this policy.
	Bindings []admissionv1.ValidatingAdmissionPolicyBinding
}

// File is one file of policies: its name for messages, and its content.
type File struct {
	Name string
	Data []byte
}

// maxPolicyFile bounds a file of policies. The largest of ours is 8 KiB.
const maxPolicyFile = 4 << 20

// Library is what a set of files holds: policies, and the other objects that
// may serve them as parameters.
type Library struct {
	Policies []Policy
	Params   []Param
}

// Param is an object that a binding may name as the parameters of a policy.
type Param struct {
	APIVersion, Kind, Namespace, Name string
	Object                            map[string]any
}

// Parse reads the policies, bindings and parameter objects of all files. It
// returns what could be read together with the errors of what could not.
func Parse(files []File) (Library, error) {
	var p parser
	for _, f := range files {
		if err := p.file(f); err != nil {
			p.errs = append(p.errs, err)
		}
	}
	p.bind()
	return p.library, errors.Join(p.errs...)
}

type parser struct {
	library  Library
	bindings []admissionv1.ValidatingAdmissionPolicyBinding
	errs     []error
}

func (p *parser) file(f File) error {
	if len(f.Data) > maxPolicyFile {
		return fmt.Errorf("%s: larger than %d bytes: not read as a policy", f.Name, maxPolicyFile)
	}
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(f.Data)))
	for {
		doc, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if len(bytes.TrimSpace(doc)) == 0 {
			continue
		}
		if err := p.document(f.Name, doc); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
}

func (p *parser) document(file string, doc []byte) error {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := sigsyaml.Unmarshal(doc, &head); err != nil {
		return err
	}
	switch head.Kind {
	case "ValidatingAdmissionPolicy":
		return p.policy(file, doc)
	case "ValidatingAdmissionPolicyBinding":
		var b admissionv1.ValidatingAdmissionPolicyBinding
		if err := sigsyaml.UnmarshalStrict(doc, &b); err != nil {
			return err
		}
		p.bindings = append(p.bindings, b)
	case "":
		return nil // no Kubernetes object: a values file, say
	default:
		return p.param(doc)
	}
	return nil
}

func (p *parser) param(doc []byte) error {
	var object map[string]any
	if err := sigsyaml.Unmarshal(doc, &object); err != nil {
		return err
	}
	meta, _ := object["metadata"].(map[string]any)
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	p.library.Params = append(p.library.Params, Param{
		APIVersion: text(object, "apiVersion"), Kind: text(object, "kind"),
		Namespace: text(meta, "namespace"), Name: text(meta, "name"), Object: object,
	})
	return nil
}

func (p *parser) policy(file string, doc []byte) error {
	var object admissionv1.ValidatingAdmissionPolicy
	if err := sigsyaml.UnmarshalStrict(doc, &object); err != nil {
		return err
	}
	policy := Policy{Name: object.Name, File: file, Spec: object.Spec}
	if policy.Name == "" {
		return errors.New("a ValidatingAdmissionPolicy without metadata.name")
	}
	if len(policy.Spec.Validations) == 0 {
		return fmt.Errorf("policy %s: no validations", policy.Name)
	}
	text, annotated := object.Annotations[Annotation]
	if !annotated {
		policy.Metadata = plainMetadata(&object)
	} else if err := decodeMetadata(text, &policy.Metadata); err != nil {
		return fmt.Errorf("policy %s: annotation %s: %w", policy.Name, Annotation, err)
	}
	if policy.ID == "" || !policy.Title.Complete() {
		return fmt.Errorf("policy %s: annotation %s: id and title in both languages are required", policy.Name, Annotation)
	}
	p.library.Policies = append(p.library.Policies, policy)
	return nil
}

// decodeMetadata reads the annotation as YAML 1.2, where the key "on" of a step
// is a word; YAML 1.1, which Kubernetes' own library reads, takes it for true.
func decodeMetadata(text string, m *Metadata) error {
	var fields map[string]any
	if err := yamlv3.Unmarshal([]byte(text), &fields); err != nil {
		return err
	}
	data, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(m)
}

// plainMetadata describes a policy of a user that carries no annotation: its
// name and messages say what it is about.
func plainMetadata(object *admissionv1.ValidatingAdmissionPolicy) Metadata {
	title := object.Spec.Validations[0].Message
	for _, v := range object.Spec.Validations[1:] {
		if v.Message != title {
			title = "" // several faults: none of the messages stands for all
		}
	}
	title = cmp.Or(strings.TrimSpace(title), object.Name)
	return Metadata{
		ID: object.Name, Title: lang.Text{EN: title, ZH: title}, Severity: finding.Medium,
		Category: "custom", Fix: Fix{Change: "custom-policy"},
	}
}

// bind hands each binding to its policy.
func (p *parser) bind() {
	byName := make(map[string]int, len(p.library.Policies))
	for i, policy := range p.library.Policies {
		byName[policy.Name] = i
	}
	for _, b := range p.bindings {
		if i, ok := byName[b.Spec.PolicyName]; ok {
			p.library.Policies[i].Bindings = append(p.library.Policies[i].Bindings, b)
		}
	}
}
