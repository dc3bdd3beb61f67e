#!/usr/bin/env bash
# PostgreSQL from its environment, as the published image reads its own: POSTGRES_USER, POSTGRES_PASSWORD[_FILE],
# POSTGRES_DB, POSTGRES_INITDB_ARGS, and *.sql of /docker-entrypoint-initdb.d once. Nobody reaches it before all that is done.
set -euo pipefail

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

make_cluster() {
  local password new=$PGDATA/new
  password=${POSTGRES_PASSWORD:-$(<"${POSTGRES_PASSWORD_FILE:?or POSTGRES_PASSWORD is needed}")}
  rm -rf "$new" # of a first start that was cut short
  read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb -D "$new" -U "$user" --pwfile=<(printf '%s\n' "$password") --auth-local=trust --auth-host=scram-sha-256 "${arguments[@]}"
  echo 'host all all all scram-sha-256' >>"$new/pg_hba.conf"
  pg_ctl -D "$new" -w -o "-c listen_addresses='' -c unix_socket_directories=/tmp" start
  local run=(psql -h /tmp -U "$user" -X -v ON_ERROR_STOP=1)
  [[ $database == postgres ]] || "${run[@]}" -d postgres -c "CREATE DATABASE \"$database\""
  for file in /docker-entrypoint-initdb.d/*.sql; do
    [[ ! -e $file ]] || "${run[@]}" -d "$database" -f "$file"
  done
  pg_ctl -D "$new" -m fast -w stop
  mv -T "$new" "$PGDATA/cluster"
}

if [[ ${1:-} == postgres ]]; then
  [[ -d $PGDATA/cluster ]] || make_cluster
  set -- "$@" -D "$PGDATA/cluster" -c 'listen_addresses=*' -c unix_socket_directories=/tmp
fi
exec "$@"
