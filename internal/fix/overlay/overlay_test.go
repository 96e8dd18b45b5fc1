package overlay_test

import (
	"encoding/json"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/overlay"
	"github.com/foilsec/foil/internal/fix/patch"
)

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {a: b}}
spec:
  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}
  template:
    spec:
      hostPID: true
      tolerations: [{operator: Exists}, {key: a}]
      containers:
      - name: app
        image: a
        args: [x, y]
        ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81}]
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
        securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN, NET_RAW]}, seccompProfile: {type: Unconfined}}
      - name: side
        image: b
      volumes:
      - name: host
        hostPath: {path: /}
      - name: tmp
        emptyDir: {}
`

const service = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports: [{port: 80, nodePort: 30000}, {port: 81}]
`

const binding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: x}
subjects: [{kind: User, name: a}, {kind: User, name: b}]
`

// TestPatchesMean applies each patch as the API server does.
func TestPatchesMean(t *testing.T) {
	for name, test := range map[string]struct {
		object string
		typed  any
		edits  []string
	}{
		"fields of containers":  {deployment, appsv1.Deployment{}, []string{"set spec.template.spec.containers[0].securityContext.privileged false", "set spec.template.spec.containers[1].securityContext.runAsNonRoot true"}},
		"deleted fields":        {deployment, appsv1.Deployment{}, []string{"delete spec.template.spec.hostPID", "delete spec.template.spec.containers[0].securityContext.capabilities", "delete spec.none"}},
		"deleted elements":      {deployment, appsv1.Deployment{}, []string{"delete spec.template.spec.volumes[0]", "delete spec.template.spec.containers[0].env[1]"}},
		"ports by number":       {deployment, appsv1.Deployment{}, []string{"delete spec.template.spec.containers[0].ports[0].hostPort"}},
		"lists without keys":    {deployment, appsv1.Deployment{}, []string{"append spec.template.spec.containers[0].securityContext.capabilities.drop ALL", "remove spec.template.spec.containers[0].securityContext.capabilities.add SYS_ADMIN", "append spec.template.spec.containers[0].args z"}},
		"element of such a one": {deployment, appsv1.Deployment{}, []string{"delete spec.template.spec.tolerations[0]"}},
		"all gone":              {deployment, appsv1.Deployment{}, []string{"remove spec.template.spec.containers[0].securityContext.capabilities.add [SYS_ADMIN, NET_RAW]"}},
		"new elements":          {deployment, appsv1.Deployment{}, []string{"append spec.template.spec.containers {name: new, image: c}", "append spec.template.spec.containers[1].env {name: A, value: x}"}},
		"a map replaced":        {deployment, appsv1.Deployment{}, []string{"set spec.strategy {type: RollingUpdate}", "set spec.template.spec.containers[0].securityContext.seccompProfile {type: RuntimeDefault}"}},
		"a keyed list replaced": {deployment, appsv1.Deployment{}, []string{"set spec.template.spec.containers[0].env [{name: C, value: x}]", "set spec.template.spec.volumes []"}},
		"labels":                {deployment, appsv1.Deployment{}, []string{`set metadata.labels["pod-security.kubernetes.io/enforce"] baseline`, "delete metadata.labels.a"}},
		"ports of a service":    {service, corev1.Service{}, []string{"delete spec.ports[0].nodePort"}},
		"subjects":              {binding, rbacv1.RoleBinding{}, []string{"delete subjects[0]"}},
		"last subject":          {binding, rbacv1.RoleBinding{}, []string{"delete subjects[0]", "delete subjects[1]"}},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, text := write(t, test.object, test.edits)
			patchJSON, err := yaml.YAMLToJSON(text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := strategicpatch.StrategicMergePatch(before, patchJSON, test.typed)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if !sameJSON(t, got, after) {
				t.Errorf("got  %s\nwant %s\npatch:\n%s", got, after, text)
			}
		})
	}
}

// write gives an object before and after edits, and the patch.
func write(t *testing.T, object string, edits []string) (before, after, text []byte) {
	t.Helper()
	var err error
	if before, err = yaml.YAMLToJSON([]byte(object)); err != nil {
		t.Fatal(err)
	}
	var tree patch.Tree
	for i, e := range edits {
		op, rest, _ := strings.Cut(e, " ")
		path, value, _ := strings.Cut(rest, " ")
		parsed, err := patch.ParseEdit(finding.Fix{Operation: finding.Operation(op), Path: path, Value: value})
		if err == nil {
			err = tree.Add(i, parsed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	model := decode(t, before)
	wanted, err := tree.Apply(model)
	if err != nil {
		t.Fatal(err)
	}
	if after, err = json.Marshal(wanted); err != nil {
		t.Fatal(err)
	}
	head := model.(map[string]any)
	metadata := head["metadata"].(map[string]any)
	namespace, _ := metadata["namespace"].(string)
	text, err = overlay.Write(overlay.Target{
		APIVersion: head["apiVersion"].(string), Kind: head["kind"].(string),
		Namespace: namespace, Name: metadata["name"].(string), Model: model,
	}, &tree)
	if err != nil {
		t.Fatal(err)
	}
	return before, after, text
}

// decode reads JSON as models have it, whole numbers as int64.
func decode(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return whole(v)
}

func whole(v any) any {
	switch v := v.(type) {
	case float64:
		return int64(v)
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = whole(v[key])
		}
	}
	return v
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	return patch.SameModel(decode(t, a), decode(t, b))
}

func TestCustomResourcesGetWholeLists(t *testing.T) {
	object := `
apiVersion: extensions.agents.x-k8s.io/v1beta1
kind: SandboxTemplate
metadata: {name: web}
spec: {podTemplate: {spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}}
`
	_, after, text := write(t, object, []string{"set spec.podTemplate.spec.containers[1].image z"})
	var got map[string]any
	if err := yaml.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(got)
	if err != nil || !sameJSON(t, again, after) {
		t.Errorf("the patch leaves elements out:\n%s", text)
	}
}

func TestNamelessObjects(t *testing.T) {
	_, err := overlay.Write(overlay.Target{APIVersion: "v1", Kind: "Pod"}, &patch.Tree{})
	if err == nil || !strings.Contains(err.Error(), "no fixed name") {
		t.Errorf("error %v", err)
	}
}
