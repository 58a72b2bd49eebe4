#!/bin/sh
# Runs a command with an empty PostgreSQL 15 of its own: tests/postgres.sh COMMAND [ARGUMENT...]
# WANPREP_TEST_POSTGRES is its URL, WANPREP_TEST_POSTGRES_DIR its folder. It listens on a free port of 127.0.0.1,
# runs as an unprivileged user, and is stopped and removed when the command, or this script, has ended.
set -eu
bin=/usr/lib/postgresql/15/bin
fail() {
  echo "postgres.sh: $1; the tests of the PostgreSQL store cannot do without it" >&2
  exit 1
}
[ -x $bin/initdb ] || fail "there is no PostgreSQL 15 in $bin (packages: see .ci/packages)"
dir=$(mktemp -d /tmp/wanprep-postgres-XXXXXX)
as_user=
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id $user >/dev/null 2>&1 || user=nobody
  chown $user "$dir"
  as_user="runuser -u $user --"
fi
cd "$dir"

# Whatever becomes of us: a process of its own waits for our end.
me=$$
( tail --pid=$me -f /dev/null
  $as_user $bin/pg_ctl -D "$dir/data" -s -m immediate stop
  rm -rf "$dir" ) </dev/null >/dev/null 2>&1 &
keeper=$!

echo secret >password && chmod 644 password
$as_user $bin/initdb -D "$dir/data" --username=wanprep --pwfile=password --auth=scram-sha-256 --encoding=UTF8 \
  --locale=C --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; fail "initdb failed"; }
tries=0
while :; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  $as_user $bin/pg_ctl -D "$dir/data" -s -w -t 120 -l "$dir/data/server.log" start \
    -o "-c listen_addresses=127.0.0.1 -p $port -k $dir -c fsync=off" >start.log 2>&1 && break
  tries=$((tries + 1))
  [ $tries -lt 3 ] || { cat start.log data/server.log >&2; fail "the server does not start"; }
done
WANPREP_TEST_POSTGRES="postgresql://wanprep:secret@127.0.0.1:$port/postgres"
WANPREP_TEST_POSTGRES_DIR=$dir
export WANPREP_TEST_POSTGRES WANPREP_TEST_POSTGRES_DIR
code=0
(cd "$OLDPWD" && "$@") || code=$?

kill $keeper 2>/dev/null || :
$as_user $bin/pg_ctl -D "$dir/data" -s -m immediate stop >/dev/null 2>&1 || :
cd /
rm -rf "$dir"
exit $code
