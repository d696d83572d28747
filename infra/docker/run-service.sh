#!/bin/sh
# Runs the service that the first argument or MILLRACE_SERVICE names; `secrets` and `prepare` run those commands.
# secrets/<service>.env, written by `prepare`, gives what must not stand in a container's definition; variables that are set win.
set -eu
secrets=$MILLRACE_HOME/secrets
service=${1:-${MILLRACE_SERVICE:?is not set: name one of the ten services}}
case $service in
  prepare | secrets) exec node infra/dist/main.js "$service" ;;
esac
program=services/$service/dist/main.js
if [ ! -f "$program" ]; then
  echo "Millrace has no service \"$service\"." >&2
  exit 64
fi
export OTEL_SERVICE_NAME="$service" MILLRACE_SIGNING_KEY_FILE="${MILLRACE_SIGNING_KEY_FILE:-$secrets/$service.key.pem}"
# kafkajs computes negative delays; Node takes them as 1 ms and would warn each time
exec node --disable-warning=TimeoutNegativeWarning \
  --env-file-if-exists="$secrets/$service.env" --import @millrace/runtime/telemetry "$program"
