#!/usr/bin/env bash
# Installs into a temporary prefix and builds and runs the consumer project against it.
# usage: run.sh SOURCE_DIR BUILD_DIR
set -eu
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" > "$work/install.log"
flags=$(sed -n 's/^ENTENTE_SANITIZE:STRING=//p' "$build/CMakeCache.txt")
cmake -G Ninja -S "$source/tests/consumer" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release \
  ${flags:+"-DCMAKE_CXX_FLAGS=-fsanitize=$flags"} > "$work/configure.log" || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/build" > "$work/build.log" || { cat "$work/build.log"; exit 1; }
[ "$("$work/build/consumer" "$work/db")" = ok ]
[ "$("$work/prefix/bin/entente" query "$work/db" 'MATCH (f:Forum) RETURN f.name' --format csv)" = "$(printf 'f.name\nG7')" ]
echo "consumer: ok"
