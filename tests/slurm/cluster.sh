#!/usr/bin/env bash
# Runs a command on a SLURM cluster of this one machine, and takes the cluster down again:
#   tests/slurm/cluster.sh sinfo
# Made of Debian's packages; it has two nodes, a partition `short` and an account `faces`.
set -euo pipefail

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Left out: a SLURM cluster on one machine takes root and apt-get, to install SLURM and start its daemons." >&2
  exit 0
fi
if [ -e /etc/slurm/slurm.conf ]; then
  echo "Not started: this machine has a SLURM already (/etc/slurm/slurm.conf), which is left alone." >&2
  exit 1
fi

here=$(dirname "$(readlink -f "$0")")
folder=$(mktemp -d)
daemons=()

stop() {
  scancel --user "$(id -un)" 2>/dev/null || true
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
    kill "${daemons[i]}" 2>/dev/null && wait "${daemons[i]}" || true
  done
  rm -rf "$folder" /etc/slurm/{slurm,slurmdbd,gres}.conf
}

start() {   # its name, and a daemon that stays in the foreground
  "${@:2}" >"$folder/$1.log" 2>&1 &
  daemons+=($!)
}

await() {   # a command that succeeds once a daemon answers
  timeout 120 bash -c 'until "$@" >/dev/null 2>&1; do sleep 0.2; done' _ "$@" && return
  echo "Not started: \`$*\` found no answer in two minutes. The last lines of the logs:" >&2
  tail -n 5 "$folder"/*.log >&2
  exit 1
}

packages=(slurmctld slurmd slurmdbd slurm-client munge mariadb-server-core)
if ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

trap stop EXIT
for name in slurm slurmdbd gres; do
  sed "s|\bHOST\b|$(hostname -s)|; s|FOLDER|$folder|" "$here/$name.conf" >"/etc/slurm/$name.conf"
done
chmod 600 /etc/slurm/slurmdbd.conf
mkdir "$folder/slurmctld" "$folder/mariadb"

if ! munge --no-input >/dev/null 2>&1; then
  install -d -o munge -g munge /run/munge
  start munged runuser -u munge -- munged --foreground
  await munge --no-input
fi

# The accounts' database, from nothing, with the tables of MariaDB's own that stored procedures need.
mariadb=(mariadbd --no-defaults --user=root --skip-grant-tables --datadir="$folder/mariadb")
{ printf '%s;\n' 'CREATE DATABASE mysql' 'USE mysql'; cat /usr/share/mysql/mysql_system_tables.sql; } |
  "${mariadb[@]}" --bootstrap 2>/dev/null
start mariadbd "${mariadb[@]}" --socket="$folder/mariadb.socket" --bind-address=127.0.0.1 --port=17003
await bash -c '</dev/tcp/127.0.0.1/17003'
start slurmdbd slurmdbd -D
await sacctmgr --noheader show cluster
for entry in "cluster one_machine" "account faces" "user $(id -un) account=faces"; do
  sacctmgr --quiet --immediate add $entry >/dev/null
done

start slurmctld slurmctld -D
start node1 slurmd -D -N node1
start node2 slurmd -D -N node2
await srun --account=faces --partition=short --nodes=2 --mem=1 true

"$@"
