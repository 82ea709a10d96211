#!/bin/sh
# npm test: sets the machine up as far as it may, runs all tests, and ends with the line `N passed, N failed`.
# Arguments go to the test runner: `npm test -- src/lang`.
set -u
cd "$(dirname "$0")/.." || exit 1

if [ ! -d node_modules ]; then
  npm ci --loglevel=error --no-audit --no-fund || exit 1
fi
if [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ] && [ "${MILLE_TEST_SETUP:-yes}" != no ]; then
  sh scripts/setup-debian.sh || echo 'test: some programs are missing: tests that need them are skipped and say so'
else
  echo 'test: nothing is installed (that needs root, on Debian). What is missing here is skipped by its tests:'
  for program in runc mmdebstrap newuidmap busybox skopeo umoci buildah dockerd docker-registry getfattr setcap zstd git sshd; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || echo "  $program"
  done
  if [ "$(id -u)" != 0 ]; then echo '  root: devices, real overlayfs, other users'; fi
fi

# No test asks a registry of the network; those that have one of their own say so.
export MILLE_OFFLINE=registries
bun=$(node scripts/run-bun.mjs --path) || exit 1
output=$(mktemp)
place=$(mktemp -d)
# Processes that stay, for commands that many tests give (test/support/residents.ts).
MILLE_TEST_RESIDENTS=$place/socket
export MILLE_TEST_RESIDENTS
trap 'kill "$residents" 2>/dev/null; rm -rf "$output" "$output.status" "$output.slow" "$place"' EXIT
trap 'exit 130' INT TERM
# Where python3 is a script that looks for one (pyenv), that takes four times as long as Python itself.
mkdir "$place/bin" && ln -s "$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null)" "$place/bin/python3" && PATH=$place/bin:$PATH
# All of it runs in several processes, a file at a time in each; the longest files first, so that none is left for last.
# More than there are cores, for tests wait too. `--update-timings` writes the order anew. What one file has loaded is
# there for the next of its process: a third of the time of unit tests was the loading of the same sources. So a file
# leaves nothing behind: no variable of the environment, no working directory, no replaced module.
if [ $# = 0 ]; then
  cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
  jobs=${MILLE_TEST_JOBS:-$((cores > 2 ? cores : cores + 3))}
  set -- --parallel="$jobs" --no-isolate --timings=test/timings.json ./src ./test ./scripts
fi
"$bun" test/support/residents.ts "$MILLE_TEST_RESIDENTS" "$((${jobs:-4} + 1))" &
residents=$!
{
  "$bun" test --timeout "${MILLE_TEST_TIMEOUT:-120000}" "$@" 2>&1
  echo $? >"$output.status"
} | tee "$output"
status=$(cat "$output.status" 2>/dev/null || echo 1)

count() { sed -n "s/^ *\([0-9][0-9]*\) $1\$/\1/p" "$output" | tail -n 1; }
passed=$(count pass)
failed=$(count fail)
skipped=$(count skip)
# What breaks outside of a test (`errors`), and a runner that dies, are failures too.
errors=$(sed -n 's/^ *\([0-9][0-9]*\) errors\{0,1\}$/\1/p' "$output" | tail -n 1)
failed=${failed:-0}
if [ "${errors:-0}" -gt "$failed" ]; then failed=$errors; fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
# The reasons once more, at the end, where they are looked for: what was printed since the last test that passed.
if [ "$failed" != 0 ]; then
  awk '/^\((pass|skip)\)/ { kept = ""; next } { kept = kept $0 "\n" } /^\(fail\)/ { printf "%s", substr(kept, length(kept) - 4000 > 0 ? length(kept) - 4000 : 1); kept = "" }' "$output"
fi
# Where the time goes, so that it is seen when a file grows; not for a file or two.
awk '
  /^[^ ]+\.test\.ts:$/ { file = substr($0, 1, length($0) - 1) }
  /^\((pass|fail)\) .*\[[0-9.]+ms\]$/ { time = $NF; gsub(/[^0-9.]/, "", time); sum[file] += time / 1000; files[file] }
  END { for (file in files) if (sum[file] >= 1) printf "%7.1f s  %s\n", sum[file], file }
' "$output" | sort -rn | head -n 10 >"$output.slow"
if [ "$(wc -l <"$output.slow")" -gt 2 ]; then
  echo 'the slowest files, by the time that their tests took:'
  cat "$output.slow"
fi
if [ -n "$skipped" ]; then echo "$skipped skipped"; fi
echo "${passed:-0} passed, $failed failed"
[ "$failed" = 0 ]
