/** What the install script of an edge node is made of: texts that are safe in it, or expressions of Terraform's that become such. */
export interface EdgeNodeScript {
  /** `host[:port]`: letters, digits, `.`, `-`, `:` and brackets alone. */
  readonly host: string;
  /** PEM: what stands in its lines has no `_`, which the end of the text has. */
  readonly certificates: string;
}

/**
 * The install script, for POSIX sh. It holds neither `${` nor `%{`, which Terraform would take for its own: so it may stand in a
 * configuration as it is. Its heredoc can't be left from within, as the two texts lack the characters for that.
 *
 * Facts: Docker on Linux reads `certs.d` at each pull, rootless in the user's configuration; Docker Desktop copies it when it starts
 * (docs.docker.com, "Verify repository client with certificates", "Add TLS certificates" for Mac). Of the folder it reads `*.crt`,
 * `*.cert` and `*.key` alone.
 */
export function renderEdgeNodeScript({ host, certificates }: EdgeNodeScript): string {
  return SCRIPT.replace("@host@", () => host).replace("@certificates@", () => certificates.replace(/\n$/, ""));
}

/** What all of them begin with, to tell ours from others'. */
const EDGE_NODE_MARK = "# Installed by cdktf-registry-access (EdgeNodeTrust), checksum";

const SCRIPT = String.raw`#!/bin/sh
# Has Docker on this machine (Linux, macOS) trust the CA of one registry. Made by cdktf-registry-access (EdgeNodeTrust).
# Safe to run again: what is there already is left as it is. See --help.
set -e

host='@host@'

certificates() {
  cat <<'end_of_certificates'
@certificates@
end_of_certificates
}

usage() {
  cat <<'end_of_usage'
Usage: sh SCRIPT [OPTION]...
Has Docker on this machine trust the CA of one registry: writes ca.crt into its folder for that registry.
  --replace     also where somebody else's different ca.crt is there; that one is kept beside it
  --remove      takes away what this script has written
  --restart     restarts Docker Desktop (macOS), also where the file is as it was; not with DESTDIR; on Linux no restart is needed
  --into DIR    writes DIR/HOST/ca.crt, such as for Podman: --into ~/.config/containers/certs.d
  --help        says this
DESTDIR, if set, is put before every path: to prepare the file system of another machine.
end_of_usage
}

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

replace=no remove=no restart=no into=
while [ $# -gt 0 ]; do
  case $1 in
    --replace) replace=yes ;;
    --remove) remove=yes ;;
    --restart) restart=yes ;;
    --into) [ -n "$2" ] || die "--into takes a folder."; into=$2; shift ;;
    --help) usage; exit 0 ;;
    *) usage >&2; die "There is no option $1." ;;
  esac
  shift
done

case $host in
  '' | .* | -* | *..* | */*) die "\"$host\" is no registry host: nothing was changed." ;;
esac
blocks() { sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' | tr -d '\r'; }
checksum() { cksum | tr -s ' \t' '  ' | cut -d ' ' -f 1,2; }
wanted=$(certificates | blocks)
[ -n "$wanted" ] || [ "$remove" = yes ] || die "This script holds no certificate for $host, since none was known when it was made: nothing was changed. Give EdgeNodeTrust a CA, such as the caPem of a DataRegistryCertificate."

user=$(id -u)
system=$(uname -s)
need_home() { [ -n "$HOME" ] || die "HOME is not set, so the user's own folder is not known: nothing was changed."; }
if [ -n "$into" ]; then
  place=$DESTDIR$into
else
  case $system in
    Linux)
      place=$DESTDIR/etc/docker/certs.d
      # Rootless Docker reads the folder of the user that it runs as.
      if [ "$user" -ne 0 ] && [ -n "$XDG_RUNTIME_DIR" ] && [ -e "$DESTDIR$XDG_RUNTIME_DIR/docker.sock" ]; then
        config=$XDG_CONFIG_HOME
        if [ -z "$config" ]; then need_home; config=$HOME/.config; fi
        place=$DESTDIR$config/docker/certs.d
      fi
      ;;
    Darwin)
      [ "$user" -ne 0 ] || die "Docker Desktop reads the folder of its own user: run this without sudo. Nothing was changed."
      need_home
      place=$DESTDIR$HOME/.docker/certs.d
      ;;
    *) die "This is $system, and the script knows Linux and macOS: nothing was changed. With --into DIR it writes into a folder of yours." ;;
  esac
fi
folder=$place/$host
file=$folder/ca.crt

mark='@mark@'
found=
theirs=no included=no
if [ -e "$file" ]; then
  [ -f "$file" ] && [ -r "$file" ] || die "$file is there and can't be read as a file: nothing was changed."
  found=$(blocks <"$file")
  # Ours is what carries the mark and has not been edited since.
  [ "$(sed -n 1p "$file" | tr -d '\r')" = "$mark $(printf '%s\n' "$found" | checksum)" ] || theirs=yes
  # Somebody's bundle may have it among others.
  case $found in *"$wanted"*) [ "$theirs" = no ] || included=yes ;; esac
fi

can_write() {
  where=$1
  while [ ! -e "$where" ]; do where=$(dirname "$where"); done
  [ -d "$where" ] && [ -w "$where" ]
}
need_write() {
  can_write "$folder" && return 0
  [ "$user" -eq 0 ] || die "$folder can't be written by $(id -un): run this by root (sudo sh SCRIPT). Nothing was changed."
  die "$folder can't be written: nothing was changed."
}

if [ "$remove" = yes ]; then
  if [ ! -e "$file" ]; then say "$file is not there: nothing was changed."; exit 0; fi
  [ "$theirs" = no ] || die "$file was not written by this script, or was edited since: nothing was changed. Remove it by hand if it is not needed."
  need_write
  rm -f "$file"
  rmdir "$folder" 2>/dev/null || :
  say "Removed $file."
  for kept in "$file".saved-*; do
    [ ! -e "$kept" ] || say "$kept is what was there before: move it back to $file if it is to hold again."
  done
elif [ -e "$file" ] && { [ "$found" = "$wanted" ] || [ "$included" = yes ]; }; then
  say "$file holds this CA already: nothing was changed."
  # Whether Docker has read it since, nobody knows: where a restart is asked for, it is made.
  [ "$restart" = yes ] || exit 0
else
  if [ "$theirs" = yes ] && [ "$replace" = no ]; then
    die "$file is there with another CA, and this script did not write it, or it was edited since: nothing was changed. Look at it, then run this again with --replace; it is then kept beside the new one."
  fi
  need_write
  umask 022
  mkdir -p "$folder"
  new=$folder/.ca.crt.$$
  trap 'rm -f "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  { printf '%s %s\n' "$mark" "$(printf '%s\n' "$wanted" | checksum)"; printf '%s\n' "$wanted"; } >"$new"
  verb=Installed
  if [ -e "$file" ]; then
    verb=Renewed
    if [ "$theirs" = yes ]; then
      saved=$file.saved-$(date -u +%Y%m%d%H%M%S)-$$
      cp -p "$file" "$saved"
      verb="Replaced (the former one is $saved)"
    fi
  fi
  mv -f "$new" "$file"
  say "$verb: $file"
fi

if [ "$system" = Darwin ] && [ -z "$into" ]; then
  if [ "$restart" = no ] || [ -n "$DESTDIR" ]; then
    say "Docker Desktop reads the folder when it starts: restart Docker Desktop."
  elif docker desktop version >/dev/null 2>&1; then
    docker desktop restart
    say "Docker Desktop was restarted."
  else
    osascript -e 'quit app "Docker"'
    sleep 5
    open -a Docker
    say "Docker Desktop was restarted."
  fi
elif [ -z "$into" ]; then
  say "Docker reads the folder at its next pull from $host: no restart is needed."
fi
`.replace("@mark@", () => EDGE_NODE_MARK);
