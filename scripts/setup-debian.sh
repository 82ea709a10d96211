#!/bin/sh
# Installs the Debian packages that the tests need, or with --demo those that the demo needs. Only what is missing is
# installed, nothing is started, and a second run does nothing. Needs root.
set -eu

say() { echo "setup: $*"; }

if [ ! -e /etc/debian_version ] || ! command -v apt-get >/dev/null; then
  say "this is not Debian; install by hand: mmdebstrap, runc or crun, newuidmap, and for the tests" >&2
  say "skopeo, umoci, buildah, dockerd, a static busybox, getfattr, setcap, xz, bzip2, zstd, strace, git, sshd" >&2
  exit 1
fi

# program=package; a program anywhere on the path is as good as Debian's.
DEMO='mmdebstrap=mmdebstrap runc=runc unshare=util-linux'
TESTS='newuidmap=uidmap skopeo=skopeo umoci=umoci buildah=buildah dockerd=docker.io getfattr=attr setcap=libcap2-bin
  xz=xz-utils bzip2=bzip2 zstd=zstd strace=strace python3=python3 git=git sshd=openssh-server ssh-agent=openssh-client
  docker-registry=docker-registry htpasswd=apache2-utils'

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
missing=
need() {
  for pair in $1; do
    command -v "${pair%%=*}" >/dev/null || missing="$missing ${pair#*=}"
  done
}

static_busybox() {
  for file in /usr/bin/busybox /bin/busybox; do
    # A program without an interpreter is static; busybox shows its own head well enough.
    if [ -x "$file" ] && ! ldd "$file" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

if [ "${1:-}" = --demo ]; then
  # Either runtime will do.
  if command -v crun >/dev/null; then DEMO=$(echo "$DEMO" | sed 's/runc=runc//'); fi
  need "$DEMO"
  # Rootless use needs this as well.
  if [ "$(id -u)" != 0 ]; then need 'newuidmap=uidmap'; fi
else
  need "$DEMO $TESTS"
  static_busybox || missing="$missing busybox-static"
fi

if [ -z "$missing" ]; then
  say 'everything needed is installed'
  exit 0
fi
if [ "$(id -u)" != 0 ]; then
  say "missing, and only root can install: apt install$missing" >&2
  exit 1
fi

# While packages are installed, none may start a service (docker.io would). Debian asks this file. What the machine
# had there comes back in any case: also after a run of this script that was killed.
POLICY=/usr/sbin/policy-rc.d
KEPT=$POLICY.before-mille
LOG=$(mktemp)
restore() {
  if [ -e "$KEPT.absent" ]; then
    rm -f "$POLICY" "$KEPT.absent"
  elif [ -e "$KEPT" ] || [ -L "$KEPT" ]; then
    mv -f "$KEPT" "$POLICY"
  fi
}
restore
trap 'restore; rm -f "$LOG"' EXIT
trap 'exit 130' INT TERM HUP
if [ -e "$POLICY" ] || [ -L "$POLICY" ]; then cp -a "$POLICY" "$KEPT"; else : >"$KEPT.absent"; fi
rm -f "$POLICY"
printf '#!/bin/sh\nexit 101\n' >"$POLICY"
chmod 755 "$POLICY"

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
# A machine that is thrown away need not wait for its disk after each file.
unsafe=
if [ "${MILLE_TEST_SETUP:-}" = throwaway ]; then unsafe='-o Dpkg::Options::=--force-unsafe-io'; fi
# Runs apt-get; shows all of its output when it fails.
apt() {
  for attempt in 1 2 3; do
    # shellcheck disable=SC2086 # options
    if apt-get -y $unsafe -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" </dev/null >"$LOG" 2>&1; then return 0; fi
    if [ "$attempt" != 3 ]; then
      say "apt-get $1 failed; trying again"
      sleep $((attempt * 3))
    fi
  done
  cat "$LOG" >&2
  say "apt-get $1 failed" >&2
  return 1
}

say "installing:$missing"
say 'reading package lists'
apt update
# All at once: reading the lists and running triggers for each would take longer than installing them.
say 'fetching and unpacking'
# shellcheck disable=SC2086 # names of packages
apt install --no-install-recommends $missing
# From Debian 13 on the docker client is a package of its own.
case $missing in
  *docker.io*) command -v docker >/dev/null || apt install --no-install-recommends docker-cli ;;
esac
say 'done'
