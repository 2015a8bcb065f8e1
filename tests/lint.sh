#!/usr/bin/env bash
# clang-tidy over the sources of the layers, with the allow-list of .clang-tidy.
# usage: lint.sh BUILD_DIR JOBS
set -eu
build=$1 jobs=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# clang does not read gcc's precompiled headers.
sed -E 's/ -include [^ ]*cmake_pch.hxx//g; s/ -Winvalid-pch//g; s/ -fpch-preprocess//g; s/ -Wno-(restrict|stringop-overflow|array-bounds|subobject-linkage)//g' "$build/compile_commands.json" > "$work/compile_commands.json"
# What is compiled, be it the sources themselves or files that join several of them; not what is generated, and no tests.
sed -nE 's/^ *"file": "(.*)",?$/\1/p' "$work/compile_commands.json" |
  grep -vE 'capnp|cmake_pch|/tests/' > "$work/files"
xargs -r -n 1 -P "$jobs" clang-tidy -p "$work" --quiet < "$work/files" > "$work/log" 2> "$work/errors" ||
  { cat "$work/log"; grep -v 'warnings generated' "$work/errors" || true; exit 1; }
echo "lint: $(wc -l < "$work/files") files: ok"
