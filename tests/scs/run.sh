#!/bin/sh
# run.sh [MUC-SCS]: checks that muc-scs finds what it must find. Every script here fails. Lines of its head say how:
#   # options: --leaks     how it is played
#   # fails: TEXT          what the report must hold
#   # passes: --lenient    how it is played to pass
# The last line is "N passed, N failed", each such line counting one.
set -u
scs=${1:-build/muc-scs}
dir=$(dirname "$0")
passed=0
failed=0

# tell OUTPUT WHAT: counts a check by the result of the command before.
tell() {
    if [ "$?" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2"
        echo "$1" | sed 's/^/    /'
    fi
}

for script in "$dir"/*.scs; do
    options=$(sed -n 's/^# options: //p' "$script")
    # shellcheck disable=SC2086
    report=$("$scs" --color never $options "$script" 2>&1)
    [ "$?" -eq 1 ] && [ "$(echo "$report" | tail -n 1)" = "0 passed, 1 failed" ]
    tell "$report" "$script: did not fail as it should"
    while read -r text; do
        echo "$report" | grep -qF -e "$text"
        tell "$report" "$script: the report does not say: $text"
    done <<END
$(sed -n 's/^# fails: //p' "$script")
END
    how=$(sed -n 's/^# passes: //p' "$script")
    if [ -n "$how" ]; then
        # shellcheck disable=SC2086
        report=$("$scs" --color never $how "$script" 2>&1)
        tell "$report" "$script: does not pass with $how"
    fi
done

# refused WHAT ARGUMENT...: wrong arguments and files that cannot be read are another exit status than failures.
refused() {
    what=$1
    shift
    report=$("$scs" "$@" 2>&1)
    [ "$?" -eq 2 ]
    tell "$report" "$what: the exit status is not 2"
}
# says TEXT: what the last one was told.
says() {
    echo "$report" | grep -qF -e "$1"
    tell "$report" "$what: the report does not say: $1"
}
# A feature of the user's own: CC and CFLAGS are those of a user.
object=$(mktemp --suffix=.so) || exit 1
trap 'rm -f "$object"' EXIT
report=$(${CC:-cc} ${CFLAGS-} -shared -fPIC -Iinclude -o "$object" "$dir/load/brevity.c" 2>&1)
tell "$report" "load/brevity.c: does not compile"
report=$("$scs" --mode all --load "$object" "$dir/load/brevity.scs" 2>&1)
tell "$report" "load/brevity.scs: fails"
report=$("$scs" --options --load "$object") && echo "$report" | grep -q '^brevity	.*	brevity$'
tell "$report" "--options: does not show the option of load/brevity.c"
refused "an object that does not exist" --load "$dir/load/none.so" "$dir/load/brevity.scs"

refused "an unknown option" --frob "$dir"
refused "a mode that does not exist" --mode frob "$dir"
says "no such mode: frob"
refused "a feature that does not exist" --without=frob "$dir"
says "no such feature: frob"
refused "no file"
refused "a file that does not exist" "$dir/none.scs"
refused "a failure and a file that does not exist" "$dir/unknown-step.scs" "$dir/none.scs"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
