#!/usr/bin/env bash
# A Docker Engine of one's own, where none runs; its images, containers, socket and log lie under DIR.
#
#   engine.sh start|stop|status DIR
#
# `start` waits until it answers and prints DOCKER_HOST=…, and where Testcontainers finds what is published; `stop` ends it and
# its containers in order. It needs root, and it makes the bridge docker0 and rules of iptables, as every engine does. Choose a
# DIR outside of any checkout.
set -euo pipefail

fail() { echo "engine: $*" >&2; exit 1; }
[[ $# -eq 2 && $1 =~ ^(start|stop|status)$ ]] || fail "usage: $0 start|stop|status DIR"
dir=$(realpath -m -- "$2")
socket=$dir/docker.sock
sudo=()
if [[ $EUID -ne 0 ]]; then sudo=(sudo); fi

# The engine of this DIR: its process id may by now belong to somebody else's program.
running() { [[ -s $dir/dockerd.pid ]] && ps -ww -o args= -p "$(<"$dir/dockerd.pid")" | grep -qF -- "--data-root $dir/data"; }
answers() { docker -H "unix://$socket" version >/dev/null 2>&1; }
report() { printf '%s\n' "DOCKER_HOST=unix://$socket" TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1; }

start() {
  if running && answers; then report && return; fi
  ! running || fail "it runs already and does not answer on $socket"
  if ! command -v dockerd >/dev/null; then
    command -v apt-get >/dev/null || fail 'install Docker Engine and start again'
    "${sudo[@]}" apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends docker.io iptables >&2
  fi
  mkdir -p "$dir"
  rm -f "$dir/dockerd.pid"
  # the group of whoever calls may use the socket; what containers publish stands on loopback unless they say otherwise
  "${sudo[@]}" setsid dockerd --host "unix://$socket" --group "$(id -gn)" --data-root "$dir/data" --exec-root "$dir/exec" \
    --pidfile "$dir/dockerd.pid" --storage-driver overlay2 --ip 127.0.0.1 >"$dir/dockerd.log" 2>&1 </dev/null &
  local child=$!
  for ((n = 0; n < 300; n++)); do
    if answers; then report && return; fi
    kill -0 "$child" 2>/dev/null || fail "it ended: see $dir/dockerd.log"
    sleep 0.2
  done
  fail "no answer within a minute: see $dir/dockerd.log"
}

stop() {
  if ! running; then return; fi
  "${sudo[@]}" kill "$(<"$dir/dockerd.pid")"
  for ((n = 0; n < 300; n++)); do
    if ! running; then return; fi
    sleep 0.2
  done
  fail "it has not ended within a minute: see $dir/dockerd.log"
}

status() { if running && answers; then report; else echo "engine: not running in $dir" >&2; exit 3; fi; }

"$1"
