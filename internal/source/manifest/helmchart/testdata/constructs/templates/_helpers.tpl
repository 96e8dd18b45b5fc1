{{- define "c.full" -}}
{{- if .Values.empty -}}{{ .Values.empty }}{{- else -}}{{ .Release.Name }}-{{ .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "c.block" }}
key: {{ .key | quote }}
{{- range $k, $v := .map }}
{{ $k }}: {{ $v }}
{{- end }}
{{- end }}

{{- define "c.blank" }}   {{ end }}
{{- define "c.comment" }}{{/* nothing */}}{{ end }}
