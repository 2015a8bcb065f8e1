#!/usr/bin/env bash
# Runs every command and compiles and runs the program of the README, as a new user would: ```sh blocks line by line, the ```cpp block
# against the build tree. The ```check block is this run itself.
# usage: readme.sh SOURCE_DIR ENTENTE_BINARY
set -euo pipefail
source=$1 binary=$2
build=$(dirname "$binary")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$source/data" data
mkdir bin && ln -s "$binary" bin/entente
export PATH=$work/bin:$PATH

blocks() { awk -v kind="$1" '$0 == "```" kind {on = 1; next} /^```/ {on = 0} on' "$source/README.md"; }

[ "$(blocks check | awk '{print $1}')" = tools/check ] || { echo "the README does not name tools/check"; exit 1; }

blocks sh > commands.sh
[ "$(wc -l < commands.sh)" -ge 10 ] || { echo "the README's commands were not found"; exit 1; }
while IFS= read -r line; do
  echo "\$ $line"
  case $line in tools/*) folder=$source ;; *) folder=$work ;; esac
  (cd "$folder" && bash -euo pipefail -c "$line") < /dev/null > out.txt 2> err.txt || { cat out.txt err.txt; echo "failed: $line"; exit 1; }
  case $line in
    "tools/demo "*) grep -q 'G20, G7, Quad' out.txt || { cat out.txt; echo "the demo did not end with the three forums"; exit 1; } ;;
    *"AS square"*) [ "$(cat out.txt)" = "$(printf 'x,square\n1,1\n2,4\n3,9')" ] || { cat out.txt; exit 1; } ;;
    *"m.on"*) grep -q '^Blinken,Hayashi,2023-05-19' out.txt || { cat out.txt; exit 1; } ;;
    *"entente ask"*) grep -q 'Quad' out.txt || { cat out.txt; exit 1; } ;;
    *"founded.year"*) grep -q '1975' out.txt || { cat out.txt; exit 1; } ;;
  esac
done < commands.sh

blocks cpp > main.cc
[ -s main.cc ] || { echo "the README's program was not found"; exit 1; }
cmake --install "$build" --prefix "$work/prefix" > install.log
export PKG_CONFIG_PATH=$work/prefix/lib/x86_64-linux-gnu/pkgconfig:$work/prefix/lib/pkgconfig
g++ main.cc $(pkg-config --cflags --libs entente) -o program
[ "$(./program)" = G7 ] || { echo "the README's program prints something else than G7"; exit 1; }
echo "readme: ok"
