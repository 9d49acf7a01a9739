#!/bin/sh
# Made from topics.yaml: mvn -pl deploy -am test -Dregenerate
# create-topics.sh RUN-ID [people|live] -- OPTIONS OF kafka-topics.sh, such as
#   create-topics.sh movie-sentiment -- --bootstrap-server HOST:PORT --command-config FILE
set -eu
run=$1; shift
group=; [ "$1" = -- ] || { group=$1; shift; }; shift
create() { kafka-topics.sh "$@"; }
{
  create "$@" --create --if-not-exists --topic "$run.prompts" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=86400000
  create "$@" --create --if-not-exists --topic "$run.rollouts" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=86400000
  create "$@" --create --if-not-exists --topic "$run.scored-rollouts" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=86400000
  create "$@" --create --if-not-exists --topic "$run.policy-versions" --partitions 1 --config cleanup.policy=compact --config compression.type=uncompressed --config max.message.bytes=1048576 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.training-events" --partitions 1 --config cleanup.policy=delete --config compression.type=uncompressed --config flush.messages=1 --config max.message.bytes=16777216 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.dead-letters" --partitions 1 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=16777216 --config retention.ms=2592000000
}
[ "$group" != people ] || {
  create "$@" --create --if-not-exists --topic "$run.rating-cases" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=86400000
  create "$@" --create --if-not-exists --topic "$run.rating-requests" --partitions 1 --config cleanup.policy=compact --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.ratings" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config flush.messages=1 --config max.message.bytes=1048576 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.rating-audit" --partitions 1 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=1048576 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.raters" --partitions 1 --config cleanup.policy=compact --config compression.type=uncompressed --config max.message.bytes=1048576 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.preferences" --partitions 1 --config cleanup.policy=compact --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=-1
  create "$@" --create --if-not-exists --topic "$run.reward-models" --partitions 1 --config cleanup.policy=compact --config compression.type=uncompressed --config max.message.bytes=1048576 --config retention.ms=-1
}
[ "$group" != live ] || {
  create "$@" --create --if-not-exists --topic "$run.requests" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=7776000000
  create "$@" --create --if-not-exists --topic "$run.prompts-a" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=7776000000
  create "$@" --create --if-not-exists --topic "$run.prompts-b" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=7776000000
  create "$@" --create --if-not-exists --topic "$run.responses" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=5242880 --config retention.ms=7776000000
  create "$@" --create --if-not-exists --topic "$run.outcomes" --partitions 8 --config cleanup.policy=delete --config compression.type=uncompressed --config max.message.bytes=1048576 --config retention.ms=7776000000
  create "$@" --create --if-not-exists --topic "$run.ab-events" --partitions 1 --config cleanup.policy=delete --config compression.type=uncompressed --config flush.messages=1 --config max.message.bytes=1048576 --config retention.ms=-1
}
