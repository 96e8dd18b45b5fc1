{{/* Name of one component's objects: loyalty-api, loyalty-rewards, ... */}}
{{- define "loyalty.name" -}}
{{- printf "%s-%s" .Chart.Name .component | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What a selector may use: never changes after the first install. */}}
{{- define "loyalty.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "loyalty.labels" -}}
{{ include "loyalty.selector" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}
