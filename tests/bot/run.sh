#!/bin/sh
# run.sh BUILD: the butler of examples/bot.c, as a program and as a feature in scripts. Ends with "N passed, N failed".
build=$1
dir=$(dirname "$0")
passed=0
failed=0

# tell STATUS WHAT
tell() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2"
    fi
}

# What memory does not allow he says later or never: no script can tell how.
for how in '--mode bytes' '--mode nodes' '--mode pull' '--mode restore' --leaks; do
    # shellcheck disable=SC2086
    report=$("$build/muc-scs" $how --load "$build/bot.so" "$dir/butler.scs" 2>&1)
    tell $? "butler.scs with $how: $report"
done

told=$("$build/bot" Juliet <"$dir/said.txt")
[ "$told" = "$(cat "$dir/seen.txt")" ]
tell $? "the program says something else: $told"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
