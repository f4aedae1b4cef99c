# shellcheck shell=bash disable=SC2034
# What the scripts in ops/ share. They source this file; it runs nothing by itself.

# The repository's own folder.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

release_scratch=$root/.build-release
debug_scratch=$root/.build
strata_release=$release_scratch/release/strata

swift_minimum=6.2

# Says what happens next.
say() { printf '==> %s\n' "$*" >&2; }

# Says one sentence and ends the script.
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Prints the comment at the top of the script that asks for it.
help() { awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"; }

# Puts the machine in order: a Swift toolchain must be there, packages of the system are installed if they are not.
setup() {
  require_swift
  install_missing_packages
}

require_swift() {
  local way_out="install Swift $swift_minimum or newer from https://www.swift.org/install/linux/" answer version
  command -v swift >/dev/null || fail "Swift is not on the PATH: $way_out"
  answer=$(swift --version 2>&1) || fail "Swift is on the PATH but does not run (${answer##*$'\n'}): $way_out"
  version=$(sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' <<<"$answer")
  at_least "${version:-0}" "$swift_minimum" || fail "Swift ${version:-of an unknown version} is too old: $way_out"
}

# Whether version $1 is not older than version $2.
at_least() { [[ $(printf '%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# Names the packages without which the system cannot be built, run or tested.
missing_packages() {
  [[ -e /usr/include/postgresql/libpq-fe.h ]] || has_library libpq || echo libpq-dev
  [[ -e /usr/include/lz4.h ]] || has_library liblz4 || echo liblz4-dev
  [[ -e /usr/include/zlib.h ]] || has_library zlib || echo zlib1g-dev
  command -v pkg-config >/dev/null || echo pkg-config
  has_server_program initdb && has_server_program postgres && has_server_program pgbench || echo postgresql
  # Tests run the client in Python and the commands of the guides.
  command -v python3 >/dev/null || echo python3
  command -v curl >/dev/null || echo curl
}

has_library() { command -v pkg-config >/dev/null && pkg-config --exists "$1"; }

has_server_program() { compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null || command -v "$1" >/dev/null; }

install_missing_packages() {
  local packages
  mapfile -t packages < <(missing_packages)
  ((${#packages[@]})) || return 0
  command -v apt-get >/dev/null || fail "these are missing, and there is no apt-get to install them: ${packages[*]}"
  say "installing ${packages[*]}"
  # Strata runs a server of its own: Debian need not create and start one as well.
  if ! has_server_program initdb; then
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/strata.conf >/dev/null
  fi
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confold install --no-install-recommends "${packages[@]}" >&2 </dev/null
  mapfile -t packages < <(missing_packages)
  ((${#packages[@]} == 0)) || fail "these are still missing after they were installed: ${packages[*]}"
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif ! command -v sudo >/dev/null; then
    fail "packages have to be installed: run this as root once, or install sudo"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# The value of option $1 among the remaining arguments, given as "--name value" or "--name=value"; else $2.
option() {
  local name=$1 value=$2
  shift 2
  while (($#)); do
    case $1 in
      "$name") value=${2-} ;;
      "$name="*) value=${1#*=} ;;
    esac
    shift
  done
  printf '%s\n' "$value"
}

# Whether process $1 lives; one that has ended and was not reaped does not.
is_alive() {
  local state
  state=$(sed -nE 's/^State:[[:space:]]+(.).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
  [[ -n $state && $state != [ZX] ]]
}

# Whether process $1 is a living strata: a process id alone may be somebody else's by now.
is_strata() {
  [[ $1 =~ ^[0-9]+$ ]] && is_alive "$1" && [[ $(cat "/proc/$1/comm" 2>/dev/null) == strata ]]
}

# Sets pid to the process that ops/up has started in folder $1. Returns 1 when it has started none.
read_pid() {
  local unreadable="cannot be read, so that nobody knows what runs in $1: run this as the user who ran ops/up"
  [[ ! -d $1 || -x $1 ]] || fail "$1 $unreadable"
  [[ -e $1/strata.pid ]] || return 1
  pid=$(cat "$1/strata.pid" 2>/dev/null) || fail "$1/strata.pid $unreadable"
}

# Whether something listens on port $1.
is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Host and port of each API that Strata names in file $1.
api_addresses() { sed -nE 's|^  [a-z]+ +http://\[?([^]]*[^]:])\]?:([0-9]+)   .*|\1 \2|p' "$1"; }

# Whether /ready answers 200 at host $1 and port $2. Needs no program besides the shell.
is_ready() {
  local status
  status=$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/$1/$2" &&
      printf 'GET /ready HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$1" "$2" >&3 &&
      IFS= read -r -t 5 line <&3 && printf '%s' "$line"
  ) || return 1
  [[ $status == HTTP/1.?\ 200* ]]
}
