#!/bin/sh
# npm run demo: on a machine with npm and Debian's mirrors, from nothing to an application in an image: makes a base
# image, builds the two Dockerfiles of examples/flask-app, runs the result, changes one source file, builds again, and
# shows what each layer weighs, what was reused and why the rest was not.
#
# Everything it makes is below .demo/, a store of its own: a second run is quick, and `rm -r .demo` undoes it.
# MILLE_DEMO_OFFLINE=yes does without Python's package index, as where it cannot be reached.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
work=$here/.demo
base=python:3.11-slim
begun=$(date +%s)

title() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
fail() {
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

title 'Setting up'
if [ ! -d node_modules ]; then
  say 'npm ci'
  npm ci --loglevel=error --no-audit --no-fund
fi
if [ -e /etc/debian_version ]; then
  sh scripts/setup-debian.sh --demo || fail 'the packages above are needed'
else
  for program in mmdebstrap unshare; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
fi

mkdir -p "$work"
export MILLE_ROOT="$work/store"
# Shows a command as a user would type it, and runs it.
mille() {
  printf '$ mille %s\n' "$*"
  "$here/mille" "$@"
}

# A certificate of this network's own (a proxy that looks inside TLS) is trusted in RUN, and leaves no trace.
ca=
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then ca='--ca host'; fi

title 'A base image from Debian packages'
if "$here/mille" inspect "$base" >/dev/null 2>&1; then
  say "$base is there already"
else
  mille bootstrap debian:bookworm --include python3,python3-pip -t "$base"
fi
mille images

title 'The application'
app=$work/app
rm -rf "$app"
cp -R examples/flask-app "$app"
pin=$(head -n 1 "$app/requirements.txt")
mille run --rm "$base" python --version || fail 'containers do not run here'
say "can pip fetch $pin?"
echo "not tried" >"$work/probe.log"
# shellcheck disable=SC2086
if [ "${MILLE_DEMO_OFFLINE:-no}" = no ] && timeout 40 "$here/mille" run --rm $ca "$base" \
  pip download --quiet --disable-pip-version-check --no-cache-dir --retries 0 --timeout 10 --no-deps -d /tmp "$pin" \
  >"$work/probe.log" 2>&1; then
  say 'yes: the requirements are installed from there'
else
  say "no ($(tail -n 1 "$work/probe.log" | cut -c 1-100))"
  say 'so Flask is taken from Debian packages, made into wheels, and installed from a local directory'
  rm -rf "$work/wheels"
  mille build --output "type=local,dest=$work/wheels" scripts/demo-wheels
  mv "$work/wheels" "$app/wheels"
  mv "$app/wheels/requirements.txt" "$app/requirements.txt"
  # The only change to the Dockerfile: the wheels come along with the list of requirements.
  sed 's|^COPY requirements.txt /app/$|&\nCOPY wheels /app/wheels|' examples/flask-app/Dockerfile >"$app/Dockerfile"
fi

# build TAG DOCKERFILE: builds and leaves the seconds it took in $took.
build() {
  started=$(date +%s)
  # shellcheck disable=SC2086
  mille build $ca -f "$app/$2" -t "$1" "$app"
  took=$(($(date +%s) - started))
}

title 'Building it: requirements first, sources last'
build demo/app Dockerfile
first_app=$took
title 'Building its naive twin: everything copied first'
build demo/naive Dockerfile.naive
first_naive=$took

title 'Running it'
mille run --rm demo/app python app.py --check
port=$(node -e 's = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close() })')
printf '$ mille run --rm -e PORT=%s demo/app &\n' "$port"
"$here/mille" run --rm -e "PORT=$port" demo/app >"$work/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
node - "$port" <<'JS' || { cat "$work/server.log"; fail 'the application does not answer'; }
const url = `http://127.0.0.1:${process.argv[2]}/recipes/opera.json`;
const ask = (left) =>
  require('http')
    .get(url, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part));
      answer.on('end', () => {
        console.log(`   ${answer.statusCode} ${text.replace(/\s+/g, ' ').trim()}`);
        process.exit(answer.statusCode === 200 ? 0 : 1);
      });
    })
    .on('error', () => (left > 0 ? setTimeout(ask, 250, left - 1) : process.exit(1)));
ask(80);
JS
kill "$server"
wait "$server" || true
trap - EXIT

title 'Changing one source file, building both again'
printf '\n# changed by the demo at %s\n' "$(date +%T)" >>"$app/app.py"
build demo/app Dockerfile
second_app=$took
build demo/naive Dockerfile.naive
second_naive=$took

title 'Why that took its time'
mille why --diff demo/app
mille why demo/naive

title 'What each layer weighs'
mille history demo/app
mille history demo/naive

title 'Seconds'
printf '   %-34s %10s %20s\n' '' 'first' 'after the change'
printf '   %-34s %10s %20s\n' 'Dockerfile (sources last)' "$first_app" "$second_app"
printf '   %-34s %10s %20s\n' 'Dockerfile.naive (sources first)' "$first_naive" "$second_naive"
printf '   the whole demo: %s\n' $(($(date +%s) - begun))
say "the store is $MILLE_ROOT; 'rm -r .demo' removes all of it"
