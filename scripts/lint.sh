#!/usr/bin/env bash
# Every check that reads the code without running it, one line and its time each: `make lint`.
# With names (`scripts/lint.sh ruff mypy`) only those. Exit 1 when one fails.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

bin=${PYTHON_BIN:-.venv/bin}
node=node_modules/.bin
failed=0
chosen=("$@")
report=$(mktemp)
rendered=$(mktemp -d)
trap 'rm -rf "$report" "$rendered"' EXIT

check() {
  local name=$1 started ended
  shift
  if ((${#chosen[@]})) && [[ " ${chosen[*]} " != *" $name "* ]]; then return; fi
  started=$(date +%s%N)
  if "$@" >"$report" 2>&1; then mark="ok  "; else mark="FAIL"; failed=1; fi
  ended=$(date +%s%N)
  printf '%s %6.1f s  %s\n' "$mark" "$(((ended - started) / 1000000))e-3" "$name"
  if [ "$mark" = FAIL ]; then sed 's/^/      /' "$report"; fi
}

# Called through `check`, which shellcheck does not follow.
# shellcheck disable=SC2329
typescript() {
  local status=0 project
  npm run --silent generate --workspace @arv/api-client || return 1 # the types follow the API's description
  for project in web/*/tsconfig.json; do
    [ -f "$project" ] || continue
    "$node/tsc" --noEmit -p "$project" || status=1
  done
  return "$status"
}

# shellcheck disable=SC2329
shell_scripts() {
  git ls-files -z --cached --others --exclude-standard -- '*.sh' .ci/run |
    xargs -0 "$bin/shellcheck" --severity=style
}

# shellcheck disable=SC2329
yaml_files() {
  # Templates are no YAML until Helm has rendered them: tests/kubernetes reads what comes of them.
  git ls-files -z --cached --others --exclude-standard -- '*.yml' '*.yaml' .yamllint .hadolint.yaml \
    ':!ops/kubernetes/*/templates/*' |
    xargs -0 "$bin/yamllint" --strict
}

# shellcheck disable=SC2329
compose_files() {
  "$bin/check-jsonschema" --builtin-schema vendor.compose-spec docker-compose*.yml &&
    "$bin/docker-compose" --env-file .env.example -f docker-compose.yml config -q &&
    "$bin/docker-compose" --env-file .env.example config -q
}

# shellcheck disable=SC2329
nginx_configuration() {
  "$bin/python" -m ops.nginx render "$rendered" &&
    "$bin/gixy" "$rendered/nginx.conf" &&
    "$bin/python" -m ops.nginx check "$rendered"
}

check ruff "$bin/ruff" check --no-fix --output-format concise .
check format "$bin/ruff" format --check .
check mypy "$bin/mypy"
check imports "$bin/lint-imports" --no-logo
check house-rules "$bin/python" scripts/checks/run.py
check biome "$node/biome" ci --error-on-warnings --reporter=github .
check typescript typescript
check shell shell_scripts
check yaml yaml_files
check dockerfile "$bin/hadolint" Dockerfile
check compose compose_files
check nginx nginx_configuration
exit $failed
