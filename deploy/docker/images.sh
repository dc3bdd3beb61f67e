#!/usr/bin/env bash
# Every image of docker-compose.yml and of the tests in containers, made at hand where none can be pulled: a base by
# debootstrap from this machine's own Debian mirror, Kafka, PostgreSQL, the services as `npm run build` left them, and
# stand-ins for EventStoreDB and the mail catcher. What is there and of the same inputs is not made again.
#
#   images.sh [DIR]      (where no Docker Engine answers, one is started under DIR: ./engine.sh stop DIR ends it)
#
# Prints NAME=value lines: which engine, and which image is which, for docker-compose.yml and for the tests, whose own helper
# (Ryuk) cannot be pulled either.
set -euo pipefail

engine_dir=$(realpath -m -- "${1:-/var/tmp/sparekey-docker}")
cd "$(dirname "$(realpath "$0")")/../.."
fail() { echo "images: $*" >&2; exit 1; }
sudo=()
if [[ $EUID -ne 0 ]]; then sudo=(sudo); fi
work=$(mktemp -d /var/tmp/sparekey-images.XXXXXX)
trap '"${sudo[@]}" rm -rf "$work"' EXIT

install_debian() {
  command -v apt-get >/dev/null || fail "install $* and start again"
  "${sudo[@]}" apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >&2
}

inputs_of() { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16; }
is_made_of() { [[ $(docker image inspect -f '{{index .Config.Labels "sparekey.inputs"}}' "$1" 2>/dev/null) == "$2" ]]; }

# On the host's network: a mirror that this machine reaches is reached from inside too.
build() { # IMAGE INPUTS OPTIONS...
  echo "images: making $1" >&2
  docker build --quiet --network host --label "sparekey.inputs=$2" -t "$1" "${@:3}" >&2
}

make_base() {
  local suite mirror
  suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  if is_made_of "$base" "$suite"; then return; fi
  command -v debootstrap >/dev/null || install_debian debootstrap
  mirror=$(find /etc/apt -maxdepth 2 \( -name '*.list' -o -name '*.sources' \) -exec cat {} + |
    sed -nE 's:^(URIs\:|deb( \[[^]]*\])?) +(https?\://[^ ]+/debian)/?( .*)?$:\3:p' | head -n 1)
  [[ -n $mirror ]] || fail 'no Debian mirror in the sources of apt'
  echo "images: making $base" >&2
  "${sudo[@]}" debootstrap --variant=minbase "$suite" "$work/base" "$mirror" >"$work/log" 2>&1 || fail "$(tail -5 "$work/log")"
  "${sudo[@]}" rm -rf "$work"/base/var/{cache/apt/archives/*.deb,lib/apt/lists/*} "$work/base/dev"
  "${sudo[@]}" tar -C "$work/base" -c . | docker import --change "LABEL sparekey.inputs=$suite" - "$base" >/dev/null
}

make_kafka() {
  local inputs
  inputs=$(inputs_of deploy/docker/kafka deploy/local/kafka)
  if ! is_made_of "$kafka" "$inputs"; then
    command -v mvn >/dev/null || install_debian default-jre-headless maven
    mkdir "$work/kafka"
    mvn -q -B -f deploy/local/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
      -DoutputDirectory="$work/kafka/libs" >&2
    install deploy/docker/kafka/run "$work/kafka/run"
    build "$kafka" "$inputs" --build-arg "BASE=$base" -f deploy/docker/kafka/Dockerfile "$work/kafka"
  fi
  docker tag "$kafka" "$confluent"
}

make_postgres() {
  local inputs
  inputs=$(inputs_of deploy/docker/postgres)
  if is_made_of "$postgres" "$inputs"; then return; fi
  build "$postgres" "$inputs" --build-arg "BASE=$base" deploy/docker/postgres
}

# The last stage of the Dockerfile, but for where its tree comes from.
make_services() {
  local inputs
  inputs=$(inputs_of Dockerfile package-lock.json deploy/docker/{prepare.sh,healthcheck.mjs,make-secrets.mjs,prepare-databases.mjs} {apps,libs}/*/dist libs/adapters/*/dist)
  if ! is_made_of "$services" "$inputs"; then
    build "$runtime" "$inputs" --build-arg "BASE=$base" --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
      --target runtime - <Dockerfile
    deploy/docker/prepare.sh "$work/services" >&2
    printf 'FROM %s\nCOPY . /app\n' "$runtime" >"$work/services.Dockerfile"
    build "$services" "$inputs" -f "$work/services.Dockerfile" "$work/services"
  fi
  inputs+=-$(inputs_of deploy/docker/stand-ins)
  if is_made_of "$event_store" "$inputs" && is_made_of "$mail" "$inputs"; then return; fi
  deploy/docker/prepare.sh "$work/stand-ins" apps/eventstoredb-stand-in libs/testing >&2
  cp --parents -t "$work/stand-ins" deploy/docker/stand-ins/mail-catcher.mjs
  build "$stand_ins" "$inputs" --build-arg "RUNTIME=$runtime" -f deploy/docker/stand-ins/Dockerfile "$work/stand-ins"
  for one in eventstoredb mail; do
    build "sparekey/$one-stand-in:at-hand" "$inputs" --build-arg "STAND_INS=$stand_ins" - <"deploy/docker/stand-ins/$one.Dockerfile"
  done
}

version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' deploy/local/kafka/pom.xml)
base=sparekey/base:at-hand
kafka=sparekey/kafka:$version
# Testcontainers' own module reads what it may do from Confluent's number of the tag: theirs is Kafka's and four more
confluent=sparekey/cp-kafka:$((${version%%.*} + 4)).${version#*.}
postgres=sparekey/postgres:at-hand
runtime=sparekey/runtime:at-hand
services=sparekey/services:at-hand
stand_ins=sparekey/stand-ins:at-hand
event_store=sparekey/eventstoredb-stand-in:at-hand
mail=sparekey/mail-stand-in:at-hand

if ! docker version >/dev/null 2>&1; then
  engine=$(deploy/docker/engine.sh start "$engine_dir")
  mapfile -t lines <<<"$engine"
  export "${lines[@]}"
  echo "$engine"
fi
make_base
make_kafka
make_postgres
make_services
cat <<END
SPAREKEY_BASE_IMAGE=$base
SPAREKEY_SERVICES_IMAGE=$services
SPAREKEY_EVENTSTORE_IMAGE=$event_store
SPAREKEY_KAFKA_IMAGE=$kafka
SPAREKEY_POSTGRES_IMAGE=$postgres
SPAREKEY_MAIL_IMAGE=$mail
SPAREKEY_TEST_SERVICE_IMAGE=$services
SPAREKEY_TEST_STAND_IN_IMAGE=$event_store
SPAREKEY_TEST_KAFKA_IMAGE=$confluent
SPAREKEY_TEST_POSTGRES_IMAGE=$postgres
SPAREKEY_TEST_MAIL_IMAGE=$mail
TESTCONTAINERS_RYUK_DISABLED=true
END
