# shellcheck shell=bash
# shellcheck disable=SC2154 # root, state: set by ./relay and lib.sh
# ./relay setup: makes the checkout ready to build and run, and is done in a moment when it already is. Sourced.
#
# A package that the feed lacks gets a stand-in, and is asked for again once an hour: when it is there, the stand-in
# goes by itself. Directory.Build.props looks only at what is left in .relay/: the folder feed/ and the files worker-contracts and
# nearest-extensions (the worker is there, but not each exact version of what the host loads beside it).

feed="$state/feed"
contracts="$state/worker-contracts"
nearest="$state/nearest-extensions"

setup() {
  need_tools
  lock
  packages
  npm_packages azurite azurite "$root/eng/azurite"
  npm_packages whatsapp-api-js client "$root/Relay.Tests/Clients/whatsapp-api-js"
  npm_packages @great-detail/whatsapp client-great-detail "$root/Relay.Tests/Clients/great-detail"
  restore
  unlock
}

packages() {
  local key stamp="$state/packages.stamp" known='' keyvault='' worker=''
  key=$(key_of "$root/Directory.Packages.props" "$root/global.json" "$root/eng/setup.sh" "$root/eng/setup/repack-keyvault.mjs" "$root"/eng/setup/probes/*/*)
  if [ -f "$stamp" ]; then
    read -r known keyvault worker <"$stamp" || true
    if [ "$known" = "$key" ] && [ "$keyvault $worker" = "$(in_use)" ]; then
      [ "$keyvault $worker" != 'real real' ] || return 0
      [ -z "$(find "$stamp" -mmin -60)" ] || return 0
    else
      known=''
    fi
    rm -f "$stamp"
  fi

  rm -rf "$state/probe"
  cp -R "$root/eng/setup/probes" "$state/probe"
  step 'Asking the package feed for what it may lack' packages ask_feed
  use_keyvault "$(cat "$state/probe/keyvault.outcome")"
  use_worker "$(cat "$state/probe/worker.outcome")"
  # Without an answer, what was known before holds for another hour; what was never known is asked again next time.
  if [ "$known" = "$key" ] || ! grep -q unknown "$state/probe"/*.outcome; then
    echo "$key $(in_use)" >"$stamp"
  fi
  rm -rf "$state/probe"
}

# What stands in the checkout now, for the key vault client and the Functions worker: the real package or a stand-in.
in_use() {
  local keyvault=real worker=real
  [ ! -d "$feed" ] || keyvault=stand-in
  [ ! -f "$nearest" ] || worker=nearest
  [ ! -f "$contracts" ] || worker=stand-in
  echo "$keyvault $worker"
}

# The same for people, one line per stand-in.
tell_in_use() {
  [ ! -d "$feed" ] || say "Azure.Security.KeyVault.Keys: Microsoft's assembly, repacked here (the feed lacks the package)."
  [ ! -f "$contracts" ] || say "Microsoft.Azure.Functions.Worker: eng/WorkerContracts in its place (the feed lacks the packages)."
  [ ! -f "$nearest" ] || say "Microsoft.Azure.Functions.Worker: the real packages; of what the host loads beside them the feed has only near versions, so don't deploy this build."
}

ask_feed() {
  local waiting
  probe keyvault &
  waiting=$!
  probe worker
  wait "$waiting"
  cat "$state/probe"/*.log
}

# Leaves "restores", "lacks", "nearest" (the packages are there, but the host's side of an extension restores with other
# versions than it asks for) or "unknown" (no network, say). Its packages go to a folder of its own and no cached answer
# counts, so that the stand-in is never taken for the real package. The worker is built as well, as its SDK restores
# the host's extensions only then.
probe() {
  local project="$state/probe/$1/Probe.csproj" log="$state/probe/$1.log" outcome=unknown
  if dotnet restore "$project" --no-http-cache -v q -nologo >"$log" 2>&1; then
    outcome=restores
  fi
  # A near version (NU1603) is only a warning here and an error in the solution.
  if grep -qE 'NU1(10[123]|603)' "$log"; then
    outcome=lacks
  elif [ "$outcome" = restores ] && [ -f "$state/probe/$1/Program.cs" ]; then
    if ! dotnet build "$project" --no-restore -v q -nologo >"$log.build" 2>&1; then
      outcome=lacks
    elif grep -q NU1603 "$log.build"; then
      outcome=nearest
    fi
    cat "$log.build" >>"$log"
  fi
  echo "$outcome" >"$state/probe/$1.outcome"
}

use_keyvault() {
  local version package=Azure.Security.KeyVault.Keys
  version=$(version_of "$package")
  case $1 in
    lacks)
      if [ ! -d "$feed" ] || [ ! -f "$feed/$package.$version.nupkg" ]; then
        step "$package $version is not on the feed: repacking Microsoft's assembly from npm" repack-keyvault \
          node "$root/eng/setup/repack-keyvault.mjs" "$version" "$feed"
      fi
      ;;
    restores)
      if [ -d "$feed" ]; then
        rm -rf "$feed" "$state/packages"
        say "$package $version is on the feed now: the repacked copy is gone."
      fi
      ;;
    *) say "$package $version: the feed gave no answer (.relay/logs/packages.log); nothing changed." ;;
  esac
}

use_worker() {
  local version package=Microsoft.Azure.Functions.Worker
  version=$(version_of "$package")
  case $1 in
    lacks)
      rm -f "$nearest"
      if [ ! -f "$contracts" ]; then
        : >"$contracts"
        say "$package $version or what it needs is not on the feed: building Relay.Functions against eng/WorkerContracts."
      fi
      ;;
    restores | nearest)
      if [ "$1" = nearest ]; then : >"$nearest"; else rm -f "$nearest"; fi
      if [ -f "$contracts" ]; then
        rm -f "$contracts"
        say "$package $version is on the feed now: building Relay.Functions against it."
      fi
      ;;
    *) say "$package $version: the feed gave no answer (.relay/logs/packages.log); nothing changed." ;;
  esac
}

# npm_packages PACKAGE LOG FOLDER: what the folder's lock file pins; PACKAGE is the one to name while it goes on.
npm_packages() {
  local package=$1 log=$2 folder=$3 key
  key=$(key_of "$folder/package-lock.json" "$folder/package.json")
  [ "$(cat "$folder/node_modules/.relay" 2>/dev/null)" != "$key" ] || return 0
  step "Installing $package $(sed -n "s|.*\"$package\": *\"\([^\"]*\)\".*|\1|p" "$folder/package.json")" "$log" \
    npm ci --prefix "$folder" --ignore-scripts --prefer-offline --no-audit --no-fund --no-progress
  echo "$key" >"$folder/node_modules/.relay"
}

# The Signal implementations of others that the tests talk to, each version by itself. They are large, so only who runs
# them asks: the first three are every test run's, all of them ./relay test peers'.
usual_peers='libsignal-client-0.103.0 libsignal-client-0.72.1 libsignal-6.0.0'
all_peers="$usual_peers libsignal-client-0.90.0 libsignal-client-0.23.1 privacyresearch-0.0.16"

# peers NAME...: installed below .relay/peers, from the lock file of the same name.
peers() {
  local name pinned folder file
  lock
  for name in "$@"; do
    pinned="$root/Relay.Tests/Peers/npm/$name"
    folder="$state/peers/$name"
    mkdir -p "$folder"
    for file in package.json package-lock.json .npmrc; do
      cmp -s "$pinned/$file" "$folder/$file" || cp "$pinned/$file" "$folder/$file"
    done
    peer_packages "peer-$name" "$folder"
  done
  unlock
}

# The sample of a device stands on one of them, and is tested.
sample_device() {
  lock
  peer_packages device-node "$root/samples/device-node"
  unlock
}

# peer_packages LOG FOLDER: its one dependency, without what other systems would run, which is five sixths of it.
peer_packages() {
  npm_packages "$(sed -n '/"dependencies"/{n;s/ *"\([^"]*\)".*/\1/p;}' "$2/package.json")" "$1" "$2"
  find "$2/node_modules" -type d -path '*/prebuilds/*' -prune \
    ! -name "$(node -p 'process.platform + "-" + process.arch')" -exec rm -rf {} +
}

restore() {
  local stamp="$state/restore.stamp" key project name complete=1
  key="$(key_of "$root/Relay.sln" "$root/global.json" "$root"/Directory.*.props "$root"/*/*.csproj "$root"/eng/*/*.csproj) $(in_use)"
  for project in "$root"/*/*.csproj; do
    name=${project##*/}
    [ -f "$root/artifacts/obj/${name%.csproj}/project.assets.json" ] || complete=''
  done
  [ ! -d "$feed" ] || [ -d "$state/packages" ] || complete=''
  [ -z "$complete" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$key" ] || return 0
  step 'Restoring packages' restore dotnet restore "$root/Relay.sln" -v q -nologo
  echo "$key" >"$stamp"
}
