{{/* The name of the application, for labels. */}}
{{- define "suite.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of what the release makes: the release's own where that says it all. */}}
{{- define "suite.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "suite.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "suite.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What a Deployment or Service selects by; with a dictionary of `root` and `role`. */}}
{{- define "suite.selector" -}}
app.kubernetes.io/name: {{ include "suite.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{/* All labels; with a dictionary of `root` and `role`. */}}
{{- define "suite.labels" -}}
{{ include "suite.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "suite.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "suite.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "suite.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* How long a pod may take to end: what is under way, and the margin that `tmf serve` gives its children. */}}
{{- define "suite.graceSeconds" -}}
{{- add (int (default "30" .Values.settings.TMF_GRACEFUL_SECONDS)) 25 -}}
{{- end -}}

{{/* The part of a pod that is the same for both roles; with a dictionary of `root` and `pods` (web or dispatcher). */}}
{{- define "suite.pod" -}}
serviceAccountName: {{ include "suite.serviceAccount" .root }}
automountServiceAccountToken: false
# Kubernetes would set TMF_..._PORT and the like for Services whose name begins with "tmf", and the suite refuses settings it does not know.
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
{{- with .pods.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pods.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pods.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The part of a container that is the same for both roles. */}}
{{- define "suite.container" -}}
image: {{ include "suite.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
envFrom:
  - configMapRef:
      name: {{ include "suite.fullname" . }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end -}}

{{- define "suite.mongodb" -}}
- name: MONGODB_URI
  valueFrom:
    secretKeyRef:
      name: {{ .Values.mongodb.secretName }}
      key: {{ .Values.mongodb.secretKey }}
{{- end -}}
