#!/bin/sh
# postgres.sh start|stop|kill|resume FOLDER: a PostgreSQL server of its own below FOLDER, which start makes. It listens
# at a socket there and nowhere else: postgresql:///postgres?host=FOLDER&user=muc. Root lends it another user.
set -eu
what=$1
folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
PATH=${bin:+$bin:}$PATH
if ! command -v initdb >/dev/null; then
    echo "there is no PostgreSQL; type: make deps-hosts (or: apt-get install postgresql)" >&2
    exit 1
fi

as_user() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif id postgres >/dev/null 2>&1; then
        setpriv --reuid postgres --regid postgres --clear-groups -- "$@"
    else
        setpriv --reuid nobody --regid nogroup --clear-groups -- "$@"
    fi
}

run() {
    as_user pg_ctl -s -w -D "$folder/data" -l "$folder/log" "$@" </dev/null >/dev/null 2>&1
}

case $what in
start)
    mkdir -p "$folder"
    chmod 0711 "$folder"
    # Where root makes it, the other user is to write there.
    [ "$(id -u)" -ne 0 ] || chmod 0777 "$folder"
    cd "$folder"
    as_user initdb -D "$folder/data" -U muc -A trust -E UTF8 --locale=C -N >/dev/null
    cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$folder'
fsync = ${FSYNC:-off}
max_connections = 40
shared_buffers = 32MB
END
    run start
    ;;
resume)
    cd "$folder"
    run start
    ;;
stop)
    cd "$folder"
    run -m immediate stop || true
    ;;
kill)
    kill -9 "$(head -n 1 "$folder/data/postmaster.pid")"
    ;;
esac
