package decode

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// ErrNoSchema says that the protobuf form of a kind is not known; ask for JSON.
var ErrNoSchema = errors.New("no protobuf schema")

// Schemas knows how the protobuf form of each kind becomes its JSON form. It
// reads that from the struct tags of the Go types of a scheme, once for each
// type. It is safe for concurrent use.
type Schemas struct {
	scheme *runtime.Scheme

	mu       sync.Mutex
	messages map[reflect.Type]*message
	// planning are the messages of the kind that is being planned. Types may
	// hold themselves, so none is ready before all are.
	planning map[reflect.Type]*message
}

// NewSchemas makes the schemas of the kinds in a scheme.
func NewSchemas(scheme *runtime.Scheme) *Schemas {
	return &Schemas{scheme: scheme, messages: make(map[reflect.Type]*message)}
}

// Has reports whether objects of that type can be read in protobuf.
func (s *Schemas) Has(t Type) bool {
	_, err := s.of(t)
	return err == nil
}

func (s *Schemas) of(t Type) (*message, error) {
	goType, ok := s.scheme.AllKnownTypes()[schema.FromAPIVersionAndKind(t.APIVersion, t.Kind)]
	if !ok {
		return nil, fmt.Errorf("%w of %s %s", ErrNoSchema, t.APIVersion, t.Kind)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.planning = make(map[reflect.Type]*message)
	m, err := s.message(goType)
	if err != nil {
		return nil, fmt.Errorf("%w of %s %s: %w", ErrNoSchema, t.APIVersion, t.Kind, err)
	}
	maps.Copy(s.messages, s.planning)
	return m, nil
}

// message is the plan of one struct.
type message struct {
	fields   []field
	byNumber []int16 // field number to index, -1 for none
	// always are the fields that the JSON form has even when the protobuf
	// form lacks them.
	always []int
}

// maxFields bounds the fields of a struct; which were seen is kept in bits.
const maxFields = 128

// field is the plan of one field of a struct.
type field struct {
	key    string
	number int
	form   form
	object *message     // when form is object
	goType reflect.Type // when form is foreign

	inline               bool // an embedded struct, whose fields stand in the parent
	repeated, mapped     bool
	pointer              bool
	omitEmpty, omitsZero bool
}

// form is how a value is written.
type form uint8

const (
	text form = iota
	flag
	integer
	integer32 // sign-extended from 32 bits
	binaryData
	object
	moment
	microMoment
	quantity
	intOrString
	rawJSON
	foreign // by way of the Go type
)

// special are the structs whose JSON form is not made of their fields.
var special = map[reflect.Type]form{
	reflect.TypeFor[metav1.Time]():          moment,
	reflect.TypeFor[metav1.MicroTime]():     microMoment,
	reflect.TypeFor[resource.Quantity]():    quantity,
	reflect.TypeFor[intstr.IntOrString]():   intOrString,
	reflect.TypeFor[runtime.RawExtension](): rawJSON,
}

// message makes the plan of a struct type.
func (s *Schemas) message(t reflect.Type) (*message, error) {
	if m, ok := s.messages[t]; ok {
		return m, nil
	}
	if m, ok := s.planning[t]; ok {
		return m, nil
	}
	m := &message{}
	s.planning[t] = m
	for i := range t.NumField() {
		f, ok, err := s.field(t, t.Field(i))
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, t.Field(i).Name, err)
		}
		if ok {
			m.add(f)
		}
	}
	if len(m.fields) > maxFields {
		return nil, fmt.Errorf("%s has %d fields", t, len(m.fields))
	}
	return m, nil
}

func (m *message) add(f field) {
	index := len(m.fields)
	m.fields = append(m.fields, f)
	if f.isAlways() {
		m.always = append(m.always, index)
	}
	if f.number == 0 {
		return
	}
	for len(m.byNumber) <= f.number {
		m.byNumber = append(m.byNumber, -1)
	}
	m.byNumber[f.number] = int16(index)
}

// isAlways reports whether the JSON form has the field even when it is empty.
// Structs are never empty for encoding/json.
func (f *field) isAlways() bool {
	isStruct := f.form >= object && !f.pointer && !f.repeated && !f.mapped
	return !f.omitsZero && (!f.omitEmpty || isStruct)
}

// field makes the plan of a struct field; ok is false when neither form has it.
func (s *Schemas) field(parent reflect.Type, sf reflect.StructField) (f field, ok bool, err error) {
	name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	if name == "-" || !sf.IsExported() || parent == reflect.TypeFor[metav1.ObjectMeta]() && name == "managedFields" {
		return field{}, false, nil
	}
	f = field{key: name, inline: sf.Anonymous && name == ""}
	if err := f.takeOptions(options); err != nil {
		return field{}, false, err
	}
	if f.number, err = fieldNumber(sf.Tag.Get("protobuf")); err != nil {
		return field{}, false, err
	}
	if f.number == 0 && (f.inline || f.omitEmpty || f.omitsZero) {
		return field{}, false, nil // protobuf never has it, so JSON never has it
	}
	if f.key == "" && !f.inline {
		f.key = sf.Name
	}
	if err := s.shape(&f, sf.Type); err != nil {
		return field{}, false, err
	}
	if err := f.check(sf.Type); err != nil {
		return field{}, false, err
	}
	return f, true, nil
}

// takeOptions reads what stands behind the name in the tag of a field.
func (f *field) takeOptions(options string) error {
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			f.omitEmpty = true
		case "omitzero":
			f.omitsZero = true
		case "string":
			return errors.New("numbers in strings are not supported")
		}
	}
	return nil
}

// check refuses the forms that no type of the Kubernetes API has.
func (f *field) check(t reflect.Type) error {
	if f.omitsZero && f.form == object && !f.pointer && !f.repeated && !f.mapped {
		return errors.New("structs left out when zero are not supported")
	}
	if f.inline && f.form != object {
		return fmt.Errorf("embedded %s is not supported", t)
	}
	return nil
}

func fieldNumber(tag string) (int, error) {
	if tag == "" || tag == "-" {
		return 0, nil
	}
	parts := strings.SplitN(tag, ",", 3)
	if len(parts) < 2 {
		return 0, fmt.Errorf("protobuf tag %q", tag)
	}
	number, err := strconv.Atoi(parts[1])
	if err != nil || number < 1 || number > 1<<15 {
		return 0, fmt.Errorf("protobuf tag %q", tag)
	}
	return number, nil
}

// shape finds out how a field of a Go type is written.
func (s *Schemas) shape(f *field, t reflect.Type) error {
	if t.Kind() == reflect.Pointer {
		f.pointer = true
		t = t.Elem()
	}
	switch {
	case isForeign(t):
		f.form, f.goType = foreign, t
		return nil
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		f.repeated = true
		t = t.Elem()
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		f.mapped = true
		t = t.Elem()
	}
	if t.Kind() == reflect.Pointer && (f.repeated || f.mapped) {
		t = t.Elem()
	}
	return s.single(f, t)
}

func (s *Schemas) single(f *field, t reflect.Type) (err error) {
	if special, ok := special[t]; ok {
		f.form = special
		return nil
	}
	if isForeign(t) {
		f.form, f.goType = foreign, t
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		f.form = text
	case reflect.Bool:
		f.form = flag
	case reflect.Int, reflect.Int64:
		f.form = integer
	case reflect.Int32:
		f.form = integer32
	case reflect.Struct:
		f.form = object
		f.object, err = s.message(t)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return fmt.Errorf("a list in a list of %s is not supported", t)
		}
		f.form = binaryData
	default:
		return fmt.Errorf("%s is not supported", t)
	}
	return err
}

// wireReader is what Go types that read their own protobuf form have.
type wireReader interface{ Unmarshal([]byte) error }

// isForeign reports whether a type writes its own JSON, or is a list that
// protobuf wraps in a message.
func isForeign(t reflect.Type) bool {
	if _, ok := special[t]; ok {
		return false
	}
	if t.Kind() == reflect.Slice {
		return reflect.PointerTo(t).Implements(reflect.TypeFor[wireReader]())
	}
	return t.Kind() == reflect.Struct && t.Implements(reflect.TypeFor[jsonWriter]())
}

type jsonWriter interface{ MarshalJSON() ([]byte, error) }
