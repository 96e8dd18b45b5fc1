package generate

import "strconv"

var (
	teams = []string{"orders", "kitchen", "payments", "loyalty", "delivery", "menu", "stock", "search", "identity",
		"reports", "mail", "edge", "platform", "partners", "mobile", "pricing", "media", "support"}
	stages = []string{"prod", "prod", "prod", "staging", "test", "preview"}
	things = []string{"basket", "ticket", "voucher", "invoice", "courier", "oven", "recipe", "shelf", "receipt",
		"campaign", "profile", "session", "catalog", "ledger", "route", "slot", "table", "coupon", "review", "image"}
	jobs = []string{"api", "worker", "web", "sync", "gateway", "cache", "indexer", "mailer", "exporter", "scheduler",
		"proxy", "consumer", "broker", "renderer", "importer"}
	people   = []string{"ana", "ben", "chen", "dara", "emre", "fatima", "goran", "hana", "ivan", "jun"}
	tiers    = []string{"frontend", "backend", "data", "batch"}
	registry = "registry.burritos.example"

	// publicImages are tags of the kind that are never updated, years apart.
	publicImages = []string{"nginx:1.19.6", "nginx:1.29.8", "redis:5.0.3", "redis:8.2", "postgres:11.5", "postgres:18",
		"busybox", "busybox:1.37", "node:16.13.0-alpine", "node:24-alpine", "python:3.7-slim", "python:3.13-slim",
		"alpine:3.12", "alpine:3.22", "docker.io/bitnami/kubectl:1.27", "quay.io/prometheus/node-exporter:v1.0.1",
		"k8s.gcr.io/pause:3.2", "memcached:1.5", "rabbitmq:3.8-management", "envoyproxy/envoy:v1.35.0"}

	settings = []string{"LISTEN_ADDRESS", "LOG_LEVEL", "LOG_FORMAT", "REGION", "CURRENCY", "UPSTREAM_URL", "CACHE_URL",
		"QUEUE_NAME", "QUEUE_URL", "BATCH_SIZE", "MAX_CONNECTIONS", "REQUEST_TIMEOUT", "RETRY_LIMIT", "FEATURE_FLAGS",
		"TRACE_ENDPOINT", "TRACE_SAMPLING", "METRICS_PORT", "LOCALE", "TEMPLATE_DIR", "BUCKET", "SHARD_COUNT",
		"POOL_SIZE", "IDLE_TIMEOUT", "ALLOWED_ORIGINS", "PUBLIC_URL", "HEALTH_PATH", "GC_PERCENT", "WORKER_COUNT"}
	secretSettings = []string{"DATABASE_PASSWORD", "API_TOKEN", "JWT_SIGNING_KEY", "AWS_SECRET_ACCESS_KEY", "SMTP_PASSWORD"}
)

// fakeSecret stands for every credential.
const fakeSecret = "burrito-demo-not-a-secret"

// appName is what the labels of a workload and of what belongs to it say.
func appName(d *dice) string { return oneOf(d, things) + "-" + oneOf(d, jobs) }

// settingValue looks like what people write in environment variables.
func settingValue(d *dice, name string) string {
	switch d.below(5) {
	case 0:
		return strconv.Itoa(d.below(10000))
	case 1:
		return "http://" + appName(d) + "." + oneOf(d, teams) + ".svc.cluster.local:" + strconv.Itoa(d.between(8000, 9000)) + "/v1"
	case 2:
		return oneOf(d, []string{"true", "false", "debug", "info", "json", "eur", "30s", "5m", "/var/lib/app"})
	case 3:
		return oneOf(d, things) + "." + oneOf(d, teams) + "." + d.hex(6)
	default:
		return "https://" + oneOf(d, teams) + ".burritos.example/" + oneOf(d, things) + "?for=" + name
	}
}
