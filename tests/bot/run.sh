#!/bin/sh
# run.sh BUILD: the butler of examples/bot.c, as a program and as a feature in scripts. Ends with "N passed, N failed".
build=$1
here=$(dirname "$0")
. tests/tally.sh

# What memory does not allow he says later or never: no script can tell how.
for how in '--mode bytes' '--mode nodes' '--mode pull' '--mode restore' --leaks; do
    # shellcheck disable=SC2086
    report=$("$build/muc-scs" $how --load "$build/bot.so" "$here/butler.scs" 2>&1)
    tell $? "butler.scs with $how: $report"
done

told=$("$build/bot" Juliet <"$here/said.txt")
[ "$told" = "$(cat "$here/seen.txt")" ]
tell $? "the program says something else: $told"

finish
