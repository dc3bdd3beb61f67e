#!/usr/bin/env bash
# One real PostgreSQL server on loopback, without Docker and apart from Debian's own; its data and log lie under DIR.
#
#   postgres.sh start|stop|status DIR PORT
#
# `start` waits until it answers and prints DATABASE_URL=… (read models, listeners) and KEYRING_DATABASE_URL=…;
# it goes on from DIR however the last one ended.
set -euo pipefail

fail() { echo "postgres: $*" >&2; exit 1; }
[[ $# -eq 3 && $1 =~ ^(start|stop|status)$ && $3 =~ ^[0-9]+$ ]] || fail "usage: $0 start|stop|status DIR PORT"
port=$3
[[ $1 != start ]] || mkdir -p "$2"
dir=$(realpath -m -- "$2")

find_server() { bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -1); }

install_debian() {
  local sudo=()
  command -v apt-get >/dev/null || fail "install $* and start again"
  if [[ $EUID -ne 0 ]]; then sudo=(sudo); fi
  "${sudo[@]}" apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >&2
}

# The server refuses to run as root: then DIR belongs to the package's own user.
as_owner() { if [[ $EUID -eq 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# The server of this DIR: its process id may by now belong to nobody, or to somebody else's program.
running() {
  local pid
  pid=$(head -1 "$dir/data/postmaster.pid" 2>/dev/null) && ps -ww -o args= -p "$pid" | grep -qF -- "-D $dir/data"
}

sql() { # DATABASE STATEMENT
  PGPASSWORD=$(<"$dir/password") "$bin/psql" -h 127.0.0.1 -p "$port" -U sparekey -d "$1" -qAtX -v ON_ERROR_STOP=1 -c "$2"
}

# Order of text by its bytes, in every database: the order in which pages of a list follow each other.
make_cluster() {
  if [[ -d $dir/data ]]; then return; fi
  rm -rf "$dir/data.new" # of an earlier start that was cut short
  (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$dir/password")
  if [[ $EUID -eq 0 ]]; then chown postgres: "$dir" "$dir/password"; fi
  as_owner test -r "$dir/password" || fail "the user postgres cannot reach $dir: choose another place"
  as_owner "$bin/initdb" -D "$dir/data.new" -U sparekey --pwfile="$dir/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --data-checksums >/dev/null
  mv -T "$dir/data.new" "$dir/data"
}

# No socket: its path would have to be shorter than that of many a DIR. Right after a crash a process of the last server
# may be about to end and still hold its memory, so it is tried again.
start_server() {
  local options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
  for ((n = 0; n < 10; n++)); do
    if as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/postgres.log" -o "$options" -w -t 120 start >"$dir/start.log" 2>&1; then return; fi
    sleep 1
  done
  fail "it does not start: see $dir/postgres.log and $dir/start.log"
}

make_database() { [[ $(sql postgres "SELECT count(*) FROM pg_database WHERE datname = '$1'") -eq 1 ]] || sql postgres "CREATE DATABASE $1"; }

start() {
  find_server
  if [[ -z $bin ]]; then install_debian postgresql && find_server; fi
  if running; then
    sql postgres 'SELECT 1' >/dev/null 2>&1 || fail "it runs already and does not answer on port $port"
  else
    if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then fail "port $port is taken"; fi
    make_cluster
    start_server
  fi
  make_database sparekey_views
  make_database sparekey_keys
  report
}

stop() {
  find_server
  if running; then as_owner "$bin/pg_ctl" -D "$dir/data" -m fast -w -t 60 stop >/dev/null; fi
}

report() {
  local url
  url=postgres://sparekey:$(<"$dir/password")@127.0.0.1:$port
  echo "DATABASE_URL=$url/sparekey_views"
  echo "KEYRING_DATABASE_URL=$url/sparekey_keys"
}

status() {
  find_server
  if running && sql postgres 'SELECT 1' >/dev/null 2>&1; then report; else echo "postgres: not running in $dir" >&2; exit 3; fi
}

"$1"
