#!/usr/bin/env bash
# Dependencies point one way: core <- storage <- query <- tools. Only two file pairs of storage include RocksDB, only
# database.cc of query includes storage, and Boost.Graph stays in its own files.
# usage: layering.sh SOURCE_DIR
set -u
cd "$1" || exit 2
bad=0
forbid() {  # message, pattern, paths…
  local message=$1 pattern=$2 found
  shift 2
  found=$(grep -rnE --include='*.h' --include='*.cc' "$pattern" "$@" 2>/dev/null)
  if [ -n "$found" ]; then
    printf '%s:\n%s\n' "$message" "$found"
    bad=1
  fi
}
forbid 'core includes a layer above it' '#include [<"](entente/)?(storage|query|tools)/' core
forbid 'storage includes a layer above it' '#include [<"](entente/)?(query|tools)/' storage
forbid 'query includes tools' '#include [<"](entente/)?tools/' query
forbid 'query includes storage elsewhere than in database.cc' '#include [<"](entente/)?storage/' $(ls query/*.h query/*.cc | grep -v 'query/database.cc') query/*/
forbid 'RocksDB is included elsewhere than in storage/rocks_store, rocks_writer and rocks_salvage' '#include <rocksdb/' core query tools $(ls storage/*.h storage/*.cc | grep -vE 'storage/rocks_(store|writer|salvage)\.')
forbid 'Cap'"'"'n Proto is included outside storage' '#include <(capnp|kj)/' core query tools
forbid 'Boost.Graph is included elsewhere than in core/bgl.h and core/algorithms.cc' '#include <boost/graph/' storage query tools $(ls core/*.h core/*.cc | grep -vE 'core/(bgl\.h|algorithms\.cc)')
long=$(git ls-files core storage query tools tests 2>/dev/null | grep -E '\.(cc|h|capnp)$' | xargs -r wc -l | awk '$2 != "total" && $1 > 1000 {print "  " $2 ": " $1}')
if [ -n "$long" ]; then
  printf 'files of more than 1,000 lines:\n%s\n' "$long"
  bad=1
fi
[ $bad -eq 0 ] && echo "layering: ok"
exit $bad
