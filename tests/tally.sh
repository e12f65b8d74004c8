# tally.sh: for the tests in shell, which source it: a folder `dir` that goes when they end, and a count of what passed.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

# tell STATUS WHAT: counts a step; WHAT is said when it failed.
tell() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2"
    fi
}

# finish: the last step: says how many, and whether all passed.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
