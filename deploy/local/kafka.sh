#!/usr/bin/env bash
# One real Kafka broker on loopback, without Docker; its data, settings and log lie under DIR.
#
#   kafka.sh start|stop|status DIR PORT      (its controller listens on PORT + 1)
#
# `start` waits until it answers and prints KAFKA_BROKERS=…; it goes on from DIR however the last one ended.
set -euo pipefail

fail() { echo "kafka: $*" >&2; exit 1; }
[[ $# -eq 3 && $1 =~ ^(start|stop|status)$ && $3 =~ ^[0-9]+$ ]] || fail "usage: $0 start|stop|status DIR PORT"
port=$3
[[ $1 != start ]] || mkdir -p "$2"
dir=$(realpath -m -- "$2")

pom=$(dirname "$(realpath "$0")")/kafka/pom.xml
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$pom")
jars=${SPAREKEY_CACHE:-$HOME/.cache/sparekey}/kafka-$version
properties=$dir/server.properties

install_debian() {
  local sudo=()
  command -v apt-get >/dev/null || fail "install $* and start again"
  if [[ $EUID -ne 0 ]]; then sudo=(sudo); fi
  "${sudo[@]}" apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >&2
}

install_kafka() {
  command -v java >/dev/null || install_debian default-jre-headless
  if [[ -d $jars ]]; then return; fi
  command -v mvn >/dev/null || install_debian maven
  local new=$jars.$$ # complete or not there
  mvn -q -B -f "$pom" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$new" >&2
  mv -T "$new" "$jars" 2>/dev/null || { rm -r "$new"; [[ -d $jars ]] || fail "cannot write $jars"; }
}

# The broker of this DIR: its process id may by now belong to somebody else's program.
running() {
  [[ -s $dir/kafka.pid ]] && ps -ww -o args= -p "$(<"$dir/kafka.pid")" | grep -qF "kafka.Kafka $properties"
}

answers() { grep -q 'Kafka Server started' "$dir/kafka.log" && (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; }

write_properties() {
  cat >"$properties" <<-END
	process.roles=broker,controller
	node.id=1
	controller.quorum.voters=1@127.0.0.1:$((port + 1))
	controller.listener.names=CONTROLLER
	listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
	log.dirs=$dir/data
	offsets.topic.replication.factor=1
	offsets.topic.num.partitions=8
	transaction.state.log.replication.factor=1
	transaction.state.log.min.isr=1
	transaction.state.log.num.partitions=8
	group.initial.rebalance.delay.ms=0
	auto.create.topics.enable=false
	END
  if [[ -f $dir/more.properties ]]; then cat "$dir/more.properties" >>"$properties"; fi # the last line of a name counts
}

format() {
  if [[ -s $dir/data/meta.properties ]]; then return; fi
  [[ -s $dir/cluster-id ]] || java -cp "$jars/*" kafka.tools.StorageTool random-uuid 2>/dev/null >"$dir/cluster-id"
  java -cp "$jars/*" kafka.tools.StorageTool format --ignore-formatted -t "$(<"$dir/cluster-id")" \
    -c "$properties" >"$dir/format.log" 2>&1 || fail "cannot format $dir/data: see $dir/format.log"
}

start() {
  if running; then answers && report && return; fail "it runs already and does not answer on port $port"; fi
  install_kafka
  if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then fail "port $port is taken"; fi
  write_properties
  format
  if [[ -f $dir/kafka.log ]]; then mv -f "$dir/kafka.log" "$dir/kafka.log.1"; fi
  setsid java -Xmx512m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.showDateTime=true \
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS' -cp "$jars/*" kafka.Kafka "$properties" \
    >"$dir/kafka.log" 2>&1 </dev/null &
  echo $! >"$dir/kafka.pid"
  for ((n = 0; n < 600; n++)); do
    if answers; then report && return; fi
    kill -0 "$(<"$dir/kafka.pid")" 2>/dev/null || fail "it ended: see $dir/kafka.log"
    sleep 0.2
  done
  fail "no answer within two minutes: see $dir/kafka.log"
}

stop() {
  if ! running; then rm -f "$dir/kafka.pid"; return; fi
  kill "$(<"$dir/kafka.pid")"
  for ((n = 0; n < 300; n++)); do
    if ! running; then rm -f "$dir/kafka.pid"; return; fi
    sleep 0.2
  done
  fail "it has not ended within a minute: see $dir/kafka.log"
}

report() { echo "KAFKA_BROKERS=127.0.0.1:$port"; }
status() { if running && answers; then report; else echo "kafka: not running in $dir" >&2; exit 3; fi; }

"$1"
