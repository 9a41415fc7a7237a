{{/* What every object of the chart is called and labelled, and how every container is kept small. */}}

{{- define "arv.labels" -}}
app.kubernetes.io/name: arv
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Call with (dict "root" $ "component" "api"). */}}
{{- define "arv.selector" -}}
app.kubernetes.io/name: arv
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "arv.meta" -}}
name: {{ .root.Release.Name }}-{{ .component }}
labels:
  {{- include "arv.labels" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "arv.appImage" -}}
{{ .Values.image.app }}:{{ .Values.image.tag }}{{ with .Values.image.appDigest }}@{{ . }}{{ end }}
{{- end }}

{{- define "arv.edgeImage" -}}
{{ .Values.image.edge }}:{{ .Values.image.tag }}{{ with .Values.image.edgeDigest }}@{{ . }}{{ end }}
{{- end }}

{{/* The restricted profile of the Pod Security Standards. Call with (dict "root" $ "user" 1000). */}}
{{- define "arv.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
serviceAccountName: {{ .root.Release.Name }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "arv.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: { drop: [ALL] }
{{- end }}

{{/* Pods of one kind on different machines, as far as there are several. */}}
{{- define "arv.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "arv.selector" . | nindent 8 }}
{{- end }}

{{/* Settings of everything that runs the service's image; secrets are files, never values. */}}
{{- define "arv.environment" -}}
- { name: ENVIRONMENT, value: production }
- { name: PUBLIC_URL, value: {{ required "publicUrl: the https address people reach" .Values.publicUrl | quote }} }
- { name: ADMIN_EMAIL, value: {{ .Values.adminEmail | quote }} }
- { name: LOG_FORMAT, value: json }
- { name: DATABASE_URL_FILE, value: /run/secrets/arv/database_url }
- { name: SECRET_KEY_FILE, value: /run/secrets/arv/secret_key }
- { name: STORAGE_LINK_SECRET_FILE, value: /run/secrets/arv/storage_link_secret }
- { name: REDIS_URL_FILE, value: /run/secrets/arv/redis_url }
- { name: CELERY_BROKER_URL_FILE, value: /run/secrets/arv/broker_url }
{{- range $name, $value := .Values.settings }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "arv.secretItems" -}}
- { key: database_url, path: database_url }
- { key: secret_key, path: secret_key }
- { key: storage_link_secret, path: storage_link_secret }
- { key: redis_url, path: redis_url }
- { key: broker_url, path: broker_url }
{{- end }}

{{- define "arv.appMounts" -}}
- { name: secrets, mountPath: /run/secrets/arv, readOnly: true }
- { name: content, mountPath: /srv/arv/storage/content }
- { name: tmp, mountPath: /tmp }
{{- end }}

{{/* Call with (dict "root" $ "mail" true) where mail is sent. */}}
{{- define "arv.appVolumes" -}}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ .root.Values.existingSecret }}
          items: {{- include "arv.secretItems" .root | nindent 12 }}
      {{- if .mail }}
      - secret:
          name: {{ .root.Values.existingSecret }}
          optional: true
          items: [{ key: smtp_url, path: smtp_url }]
      {{- end }}
- name: content
  persistentVolumeClaim:
    claimName: {{ .root.Values.content.existingClaim | default (printf "%s-content" .root.Release.Name) }}
- name: tmp
  emptyDir: { sizeLimit: 2Gi }
{{- end }}
