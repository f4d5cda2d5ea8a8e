# For tests/bench/run: a private PostgreSQL server below $work/pg, fsync on, and pgbench against it. Source it.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n1)
pg_url=""

as_pg() { # the server refuses to run as root
  if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi
}
start_postgres() {
  [ -n "$pg_url" ] && return
  [ -n "$pg_bin" ] || { echo "PostgreSQL's server is not installed (./dev setup bench)" >&2; exit 1; }
  mkdir -p "$work/pg"; chmod 711 "$work"; [ "$(id -u)" -ne 0 ] || chown nobody "$work/pg"
  as_pg "$pg_bin/initdb" -D "$work/pg/data" -A trust -U gantry >"$work/pg.log"
  cat >>"$work/pg/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work/pg'
max_connections = 600
shared_buffers = 256MB
max_wal_size = 4GB
CONF
  as_pg "$pg_bin/postgres" -D "$work/pg/data" >>"$work/pg/log" 2>&1 & pids+=("$!")
  for _ in $(seq 1 100); do "$pg_bin/pg_isready" -q -h "$work/pg" && break; sleep 0.1; done
  pg_url="postgresql://gantry@/bench?host=$work/pg"
  "$pg_bin/createdb" -h "$work/pg" -U gantry bench
  sql -f tests/bench/pgbench/tables.sql
}
sql() { "$pg_bin/psql" -qXAt -v ON_ERROR_STOP=1 -h "$work/pg" -U gantry -d bench "$@"; }
# tps SCRIPT CLIENTS [DATABASE [ARG…]]: transactions a second of a script below tests/bench/pgbench, statements prepared
tps() {
  "$pg_bin/pgbench" -h "$work/pg" -U gantry -n -M prepared -c "$2" -j $(($2 < 2 ? 1 : 2)) -T "$seconds" \
    -f "tests/bench/pgbench/$1.sql" "${@:4}" "${3:-bench}" 2>/dev/null | awk '/^tps/{print $3}'
}
# median_us SCRIPT: median time of a transaction with one client
median_us() {
  (cd "$work" && rm -f pgbench_log.* && "$pg_bin/pgbench" -h "$work/pg" -U gantry -n -M prepared -c 1 -j 1 -T "$seconds" -l \
    -f "$OLDPWD/tests/bench/pgbench/$1.sql" bench >/dev/null 2>&1; sort -n -k3,3 pgbench_log.* | awk '{a[NR]=$3} END{print a[int((NR+1)/2)]}')
}
