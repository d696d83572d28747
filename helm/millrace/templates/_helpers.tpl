{{/* Name of a service's objects: <release>-<service>. Argument: dict "root" $ "service" name */}}
{{- define "millrace.name" -}}
{{- printf "%s-%s" .root.Release.Name .service | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What never changes, for selectors. */}}
{{- define "millrace.selectorLabels" -}}
app.kubernetes.io/name: millrace
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end -}}

{{- define "millrace.labels" -}}
{{ include "millrace.selectorLabels" . }}
{{ include "millrace.commonLabels" .root }}
{{- end -}}

{{- define "millrace.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: millrace
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* JSON object: base URL of each service inside the cluster. */}}
{{- define "millrace.serviceUrls" -}}
{{- $urls := dict -}}
{{- range $service, $values := .Values.services -}}
{{- $_ := set $urls $service (printf "http://%s:%v" (include "millrace.name" (dict "root" $ "service" $service)) $values.port) -}}
{{- end -}}
{{- toJson $urls -}}
{{- end -}}

{{/* A service sees only its own files of the Secret. */}}
{{- define "millrace.secretFiles" -}}
{{- $own := dict "registry" (list "model.key.pem") "deployment" (list "model.pub.pem") "inference" (list "model.pub.pem") "governance" (list "log.key.pem" "admin-token") -}}
{{- $files := concat (list "jwks.json" (printf "%s.key.pem" .) (printf "%s.env" .)) (get $own . | default list) -}}
{{- range $files }}
- { key: {{ . }}, path: {{ . }} }
{{- end }}
{{- end -}}

{{/* JSON list: Secrets that switch access on, each a volume: authorities of Kafka and Postgres, the password of the service's Kafka user. */}}
{{- define "millrace.accessVolumes" -}}
{{- $volumes := list -}}
{{- with .root.Values.kafka.tls }}{{ if and .enabled .caSecret }}{{ $volumes = append $volumes (dict "name" "kafka-ca" "secret" .caSecret "key" .caKey "path" "ca.pem") }}{{ end }}{{ end -}}
{{- with .root.Values.postgres.tls }}{{ if and .enabled .caSecret }}{{ $volumes = append $volumes (dict "name" "postgres-ca" "secret" .caSecret "key" .caKey "path" "ca.pem") }}{{ end }}{{ end -}}
{{- if .root.Values.kafka.sasl.enabled }}{{ $volumes = append $volumes (dict "name" "kafka-user" "secret" (printf "millrace-%s" .service) "key" "password" "path" "password") }}{{ end -}}
{{- toJson $volumes -}}
{{- end -}}
