#!/bin/sh
# samples.sh BUILD CC [FLAG]...: the samples of lib/doc/*.md compile, and their scripts pass. Ends with "N passed, N
# failed".
# Samples in C (```c) of a page are one file, in order; one that begins indented is statements. One with a main() is a
# program of its own, which is linked. Scripts (```scs) are played.
build=$1
shift
. tests/tally.sh

for page in lib/doc/*.md; do
    name=$(basename "$page" .md)
    # Each sample goes to a file; those without a main() are then put together.
    awk -v base="$dir/$name" '
        /^```(c|scs)$/ { kind = substr($0, 4); file = base "." sprintf("%03d", ++n) "." kind; first = 1; next }
        /^```$/ { if (wrapped) print "}" > file; file = ""; wrapped = 0 }
        file == "" { next }
        first && kind == "c" && /^ / { print "void sample_" n "(void)\n{" > file; wrapped = 1 }
        { print > file; first = 0 }' "$page"
    printf '#include "samples.h"\n' >"$dir/$name.all.c"
    for sample in "$dir/$name".[0-9]*.c; do
        [ -e "$sample" ] || continue
        if grep -q '^int main(' "$sample"; then
            "$@" -o "$dir/program" "$sample" "$build/libmuc.a" $LIBS
            tell $? "$page: a program does not compile"
        else
            cat "$sample" >>"$dir/$name.all.c"
        fi
    done
    "$@" -Itests -Wno-missing-prototypes -c -o "$dir/$name.o" "$dir/$name.all.c"
    tell $? "$page: a sample does not compile"
    for script in "$dir/$name".[0-9]*.scs; do
        [ -e "$script" ] || continue
        "$build/muc-scs" "$script" >"$dir/report" 2>&1
        tell $? "$page: a script fails: $(cat "$dir/report")"
    done
done

finish
