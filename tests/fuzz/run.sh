#!/usr/bin/env bash
# Runs a fuzzer: on the files of its corpus, or on from them for ENTENTE_FUZZ_SECONDS (5 unless set).
# usage: run.sh replay|fuzz FUZZER CORPUS
# What it finds new stays in the folder ENTENTE_FUZZ_KEEP/NAME, if that is set. "NAME inputs-run inputs-passed" goes to a
# file in the folder ENTENTE_FUZZ_LOGS, if that is set. An input that fails is left where this is run, as NAME-crash-….
set -eu
how=$1 fuzzer=$2 corpus=$3
name=$(basename "$corpus")
limits=(-timeout=30 -rss_limit_mb=3000 "-artifact_prefix=$name-" -verbosity=0)
if [ "$how" = replay ]; then
  exec "$fuzzer" "${limits[@]}" -runs=0 "$corpus"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
found=${ENTENTE_FUZZ_KEEP:-$work}/$name
mkdir -p "$found"
words=()
[ ! -f "$(dirname "$0")/$name.dict" ] || words=("-dict=$(dirname "$0")/$name.dict")
status=0
"$fuzzer" "${limits[@]}" "${words[@]}" -max_len=4096 -print_final_stats=1 \
  "-max_total_time=${ENTENTE_FUZZ_SECONDS:-5}" "$found" "$corpus" 2> "$work/log" || status=$?
cat "$work/log" >&2
if [ -n "${ENTENTE_FUZZ_LOGS:-}" ]; then
  mkdir -p "$ENTENTE_FUZZ_LOGS"
  tried=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
  passed=$tried
  [ $status -eq 0 ] || passed=$((tried - 1))
  echo "$name $tried $passed" > "$ENTENTE_FUZZ_LOGS/$name"
fi
exit $status
