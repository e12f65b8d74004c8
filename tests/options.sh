#!/bin/sh
# options.sh BUILD [--write]: the table of lib/doc/options.md has every option of the library, as it is. Ends with
# "N passed, N failed". --write writes the table anew.
page=lib/doc/options.md
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

echo '| Option | Field | Values | At first | What it says | Feature |' >"$dir/now"
echo '|---|---|---|---|---|---|' >>"$dir/now"
"$1/muc-scs" --options | awk -F '\t' '
    function code(text) { return text == "" ? "" : "`" text "`" }
    function field(text) {
        return sub(/ \(admins\)$/, "", text) ? code(text) ", for service administrators" : code(text)
    }
    { print "| " code($1) " | " field($2) " | " $3 " | " code($4) " | " $5 " | " ($6 == "" ? "(every room)" : $6) " |" }
' | sed 's/|  |/| |/g; s/|  |/| |/g' >>"$dir/now" || exit 1

if [ "${2-}" = --write ]; then
    awk -v now="$dir/now" '
        /^\|/ { if (!done) while ((getline line < now) > 0) print line; done = 1; next }
        { print }' "$page" >"$dir/page" && cat "$dir/page" >"$page"
    exit
fi
grep '^|' "$page" >"$dir/then"
if diff "$dir/then" "$dir/now"; then
    echo '1 passed, 0 failed'
else
    echo "$page: not the options that there are; make options-write"
    echo '0 passed, 1 failed'
    exit 1
fi
