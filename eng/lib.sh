# shellcheck shell=bash
# shellcheck disable=SC2154 # root: set by ./relay, which sources this
# What every ./relay command stands on: places, one line per step with its time, clean ends. Sourced; bash 3.2 and up.

state="$root/.relay"
logs="$state/logs"
configuration=Release
child=''  # process group of the step that runs now
ticker='' # process that shows its time
locked='' # set while this process holds the lock

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# No build server stays behind: the compiler's is this process's own (it halves a build's work), and run() ends it.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true SharedCompilationId="relay-$$"

# Relay's parts talk to each other on this machine, whatever proxy the way out takes.
no_proxy=${no_proxy:-${NO_PROXY:-}}
export no_proxy="${no_proxy:+$no_proxy,}127.0.0.1" NO_PROXY="${no_proxy:+$no_proxy,}127.0.0.1"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "relay: $*"
  exit 1
}

at_exit() {
  [ -z "$locked" ] || rm -rf "$state/lock"
}

interrupted() {
  trap '' INT TERM HUP
  say ''
  [ -z "$ticker" ] || kill "$ticker" 2>/dev/null
  if [ -n "$child" ]; then
    kill -TERM -- "-$child" 2>/dev/null
    wait "$child" 2>/dev/null
  fi
  exit "$1"
}

trap at_exit EXIT
trap 'interrupted 129' HUP
trap 'interrupted 130' INT
trap 'interrupted 143' TERM

# run COMMAND...: in a process group of its own, so that a signal to this script alone ends all of it, and nothing that
# the command left in the background stays.
run() {
  local status=0
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || status=$?
  kill -TERM -- "-$child" 2>/dev/null || true
  child=''
  return "$status"
}

# step TEXT LOG COMMAND...: shows the text, then the time; the command's output goes to .relay/logs/LOG.log and its tail
# is shown when the command fails, which ends the script.
step() {
  local text=$1 log="$logs/$2.log" began=$SECONDS status=0
  shift 2
  mkdir -p "$logs"
  printf '%s … ' "$text" >&2
  if [ -t 2 ]; then
    elapsed "$text" "$$" &
    ticker=$!
  fi
  run "$@" >"$log" 2>&1 || status=$?
  if [ -n "$ticker" ]; then
    kill "$ticker" 2>/dev/null
    wait "$ticker" 2>/dev/null || true
    ticker=''
    printf '\r%s … ' "$text" >&2
  fi
  if [ "$status" -ne 0 ]; then
    say "failed after $((SECONDS - began)) s. The end of .relay/logs/${log##*/}:"
    tail -n 40 "$log" >&2
    exit 1
  fi
  say "$((SECONDS - began)) s"
}

elapsed() {
  local began=$SECONDS
  trap - EXIT INT TERM HUP
  while sleep 1 && kill -0 "$2" 2>/dev/null; do
    printf '\r%s … %d s ' "$1" "$((SECONDS - began))" >&2
  done
}

# One setup or build in a checkout at a time.
lock() {
  local owner told=''
  mkdir -p "$state"
  until mkdir "$state/lock" 2>/dev/null; do
    owner=$(cat "$state/lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$state/lock"
      continue
    fi
    [ -n "$told" ] || say "Waiting for another ./relay in this checkout …"
    told=1
    sleep 0.5
  done
  locked=1
  echo "$$" >"$state/lock/pid"
}

unlock() {
  rm -rf "$state/lock"
  locked=''
}

# The exact version of a package, from the one place that says it.
version_of() {
  sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" "$root/Directory.Packages.props"
}

# A short key for the content of files.
key_of() { cat "$@" | cksum | tr ' ' '-'; }

need_tools() {
  local sdk node
  sdk=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  command -v dotnet >/dev/null ||
    fail "the .NET SDK $sdk or newer is needed, and there is no dotnet on the PATH (dotnet.microsoft.com/download)"
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    fail "the .NET SDK $sdk or newer (same major version) is needed, and dotnet has only: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')"
  command -v node >/dev/null ||
    fail "Node.js 18 or newer is needed for the storage emulator, and there is no node on the PATH (nodejs.org)"
  node=$(node --version 2>/dev/null | sed 's/^v//')
  [ "${node%%.*}" -ge 18 ] 2>/dev/null || fail "Node.js 18 or newer is needed for the storage emulator, and this is ${node:-unknown}"
  command -v npm >/dev/null || fail "npm is needed for the storage emulator, and is not on the PATH (it comes with Node.js)"
}

# Asks MSBuild only when something changed since the last build that worked: it takes seconds to find that nothing did.
build() {
  local stamp="$state/build.stamp"
  if [ "${CI:-}" != true ] && [ -f "$stamp" ] && [ -f "$(program Relay.LocalHost)" ] &&
    [ -z "$(find "$root"/Relay.* "$root/eng/WorkerContracts" "$root"/*.props "$root"/*.json "$root/.editorconfig" \
      "$root/BannedSymbols.txt" "$state/restore.stamp" -newer "$stamp" -print | head -n 1)" ]; then
    return 0
  fi
  rm -f "$stamp"
  : >"$stamp.new"
  set -- dotnet build "$root/Relay.sln" -c "$configuration" --no-restore -v q -nologo
  # In CI every warning is an error, those of the build tools as well (the code's own always are).
  [ "${CI:-}" != true ] || set -- "$@" -warnaserror '-warnnotaserror:NU1900;NU1901;NU1902;NU1903;NU1904'
  step Building build "$@"
  mv "$stamp.new" "$stamp"
}

# Where the build puts a program.
program() { printf '%s' "$root/artifacts/bin/$1/$(printf '%s' "$configuration" | tr '[:upper:]' '[:lower:]')/$1.dll"; }
