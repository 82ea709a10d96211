#!/bin/sh
# A current Docker to compare with, whatever the machine's own is: Debian unstable's packages in a tree of their own,
# run as a second daemon without networks. Nothing of the host is changed. Needs root, mmdebstrap and util-linux. Images
# are kept in containerd's store: with the older drivers Docker ignores --link.
#
#   current-docker.sh start        make the tree where it is missing (about two minutes) and start the daemon
#   current-docker.sh stop         stop the daemon
#   current-docker.sh docker ARG…  the client, on that daemon
#
# The tree is kept in $MILLE_CURRENT_DOCKER, by default below the user's cache directory.
set -eu
tree=${MILLE_CURRENT_DOCKER:-${XDG_CACHE_HOME:-$HOME/.cache}/millefeuille/current-docker}
socket=$tree/run/docker-current.sock

client() {
  # The plugins are looked for below the configuration.
  mkdir -p "$tree/client/cli-plugins"
  ln -sf "$tree/usr/libexec/docker/cli-plugins/docker-buildx" "$tree/client/cli-plugins/docker-buildx"
  DOCKER_CONFIG=$tree/client DOCKER_HOST=unix://$socket "$tree/usr/bin/docker" "$@"
}

answers() { client version >/dev/null 2>&1; }

make_tree() {
  echo "current-docker: making $tree" >&2
  rm -rf "$tree"
  mkdir -p "$(dirname "$tree")"
  # The lists of a mirror may be past their date; their signatures are checked all the same.
  mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --include=docker.io,docker-cli,docker-buildx,iptables,ca-certificates,xz-utils,git sid "$tree"
}

case ${1:-} in
  start)
    if ! answers; then
      # The daemon clones repositories with a git beside it; trees made before that have none.
      { [ -x "$tree/usr/sbin/dockerd" ] && [ -x "$tree/usr/bin/git" ]; } || make_tree
      rm -f "$tree/run/docker-current.pid"
      # In a mount namespace of its own the tree is the root, with the host's devices.
      # shellcheck disable=SC2016
      setsid unshare --mount --propagation private sh -c '
        mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev"
        exec chroot "$1" dockerd --iptables=false --ip6tables=false --bridge=none --data-root /var/lib/docker \
          --feature containerd-snapshotter=true \
          --exec-root /run/docker --pidfile /run/docker-current.pid -H unix:///run/docker-current.sock
      ' sh "$tree" >"$tree/dockerd.log" 2>&1 </dev/null &
      tries=150
      until answers; do
        tries=$((tries - 1))
        if [ "$tries" = 0 ]; then
          tail -n 5 "$tree/dockerd.log" >&2
          exit 1
        fi
        sleep 0.2
      done
    fi
    echo "unix://$socket"
    ;;
  stop) kill "$(cat "$tree/run/docker-current.pid")" ;;
  docker)
    shift
    client "$@"
    ;;
  *)
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
