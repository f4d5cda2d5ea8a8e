#!/bin/sh
# Writes sdk/abi.lock: every interface, struct, slot, offset, type and constant of the C headers, as clang lays
# them out. Nothing in it is kept by hand, so no slot can be forgotten.
#   sdk/abi_lock.sh           writes sdk/abi.lock
#   sdk/abi_lock.sh --print   writes the same to standard output
set -eu
sdk=$(cd "$(dirname "$0")" && pwd)
clang=${CLANG:-clang-14}
command -v "$clang" >/dev/null || { echo "abi_lock: $clang is not installed" >&2; exit 2; }
export LC_ALL=C

all_headers() {
  (cd "$sdk/include" && find gantry -name '*.h' | sort | sed 's/.*/#include "&"/')
}
compile() { all_headers | "$clang" -std=c99 -x c -I"$sdk/include" -fsyntax-only "$@" -; }

lock() {
  cat <<'TEXT'
# The boundary between host and plugins as the compiler lays it out (x86-64). Written by ./dev abi-lock; do not edit.
# A difference is a change of the ABI. Until SDK 1.0 lines may change; from then on they are only added:
# tables and structs grow at their end, constants keep their values.
TEXT
  echo
  echo "# Constants: interface ids, codes, flags."
  all_headers | "$clang" -std=c99 -x c -I"$sdk/include" -E -dM - |
    sed -n 's/^#define \(GANTRY_[A-Z0-9_]*\) \(..*\)$/constant \1 \2/p' | grep -v '_H $' | sort
  echo
  echo "# Types."
  compile -Xclang -ast-dump -fno-color-diagnostics |
    sed -n "s/.*TypedefDecl .* \(gantry_[a-z0-9_]*\) '\([^']*\)'.*/type \1 = \2/p" |
    grep -v ' = struct ' | sort -u
  echo
  echo "# Structs: offset, type, name."
  # Members of nested structs are indented further; they are listed with their own struct. Each line is
  # preceded by struct and place for sorting.
  compile -Xclang -fdump-record-layouts-complete | awk '
    /^ +0 \| (struct|union) / { name = $3 == "struct" ? $4 : "__"; next }
    name ~ /^__/ || name ~ /^\(/ { next }
    /^ +[0-9]+ \|   [^ ]/ {
      offset = $1; sub(/^ +[0-9]+ \| +/, "")
      printf "%s\t%06d\t  %d %s\n", name, offset + 1, offset, $0
    }
    /\[sizeof=/ {
      gsub(/[^0-9,]/, ""); split($0, part, ",")
      printf "%s\t%06d\tstruct %s size %s align %s\n", name, 0, name, part[1], part[2]
    }' | sort | cut -f3-
}

if [ "${1:-}" = --print ]; then
  lock
else
  lock > "$sdk/abi.lock.new"
  mv "$sdk/abi.lock.new" "$sdk/abi.lock"
fi
