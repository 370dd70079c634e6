#!/bin/sh
# The entry to IZA Ports that needs nothing but Node and npm: installs and builds what is missing, once, and goes on to `ports`.
#
#   ./manage_ports.sh                                          the status board
#   ./manage_ports.sh start_service "Service Name" 3000 "command"
#   ./manage_ports.sh kill_port 3000
#   ./manage_ports.sh ANY OTHER WORDS                          as: ports ANY OTHER WORDS
set -eu

# The folder that this file really lies in, through any number of symbolic links. `readlink -f` is not on every system.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname -- "$self")/$target ;;
  esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P)
ports=$root/dist/ports

# Whether a file, or anything in a folder, is newer than another file. `test -nt` is not POSIX.
newer() { [ -n "$(find "$1" -newer "$2" -print 2>/dev/null | head -n 1)" ]; }

say() { printf '%s\n' "$*" >&2; }

require_node() {
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    say "IZA Ports needs Node.js 20 or later, with npm, to install itself, and found none."
    say "Install it from https://nodejs.org or with your system's packages, then run this again."
    exit 3
  fi
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
  if [ "$major" -lt 20 ]; then
    say "IZA Ports needs Node.js 20 or later to install itself, and found $(node --version)."
    say "Update it from https://nodejs.org or with your system's packages, then run this again."
    exit 3
  fi
}

# Output of the installer is kept back and shown only when it fails.
quietly() {
  log=$(mktemp)
  if ! (cd "$root" && "$@") >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

build() {
  require_node
  if [ ! -e "$root/node_modules/.package-lock.json" ] || newer "$root/package-lock.json" "$root/node_modules/.package-lock.json"; then
    say "Installing what IZA Ports is built with (once) ..."
    quietly npm ci --no-audit --no-fund || return 1
    # npm leaves the time of an unchanged file as it is, and the comparison above would find it old for ever.
    touch "$root/node_modules/.package-lock.json"
  fi
  say "Building the ports program (once) ..."
  quietly npm run --silent build || return 1
}

# Built before, and nothing that it is made of is newer: no Node, no npm and no network is asked for.
if [ ! -x "$ports" ]; then
  build || { say "IZA Ports could not be built; the reason stands above."; exit 3; }
elif newer "$root/src" "$ports" || newer "$root/package-lock.json" "$ports"; then
  build || say "IZA Ports has changed and could not be built again; the program that was built before goes on."
fi

# A registry that was never written to begins with the table in seed/. When that fails, the command itself says why, or can do without.
"$ports" import --if-new --json "$root/seed/iza-os-port-management.md" >/dev/null 2>&1 || :

case ${1-} in
  '') exec "$ports" ;;
  start_service) shift; exec "$ports" start "$@" ;;
  kill_port) shift; exec "$ports" kill "$@" ;;
  *) exec "$ports" "$@" ;;
esac
