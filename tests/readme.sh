#!/bin/sh
# readme.sh BUILD CC [FLAG]...: the samples of README.md compile and do what is said of them, and so does its script.
# Ends with "N passed, N failed".
build=$1
shift
. tests/tally.sh

# The C samples, one file each.
awk -v dir="$dir" '
    /^```c$/ { n++; in_c = 1; next }
    /^```$/ { in_c = 0 }
    in_c { print > (dir "/sample" n ".c") }' README.md

"$@" -o "$dir/host" "$dir/sample1.c" "$build/libmuc.a" $LIBS
tell $? 'README.md: the first sample does not compile'
"$dir/host" | grep -q "^<presence to='juliet@example.org/balcony' from='garden@rooms.example.org/Juliet'>"
tell $? 'README.md: the first sample does not show how Juliet enters'

# The second: functions, and the calls that install them.
{
    echo '#include <muc/muc.h>'
    echo 'void install(muc_service *service);'
    awk '/^    muc_hook_add/ && !inside { inside = 1; print "void install(muc_service *service)\n{" } { print }' \
        "$dir/sample2.c"
    echo '}'
} >"$dir/field.c"
"$@" -c -o "$dir/field.o" "$dir/field.c"
tell $? 'README.md: the second sample does not compile'

# The third: a feature, and the line that names it.
{
    echo '#include <muc/muc.h>'
    echo '#include <stdlib.h>'
    echo 'void name(muc_settings *);'
    awk '/^    settings\.extra_features/ {
            print "void name(muc_settings *s)\n{\n    muc_settings settings = *s;\n" $0 "\n    *s = settings;\n}"
            next
         } { print }' "$dir/sample3.c"
} >"$dir/feature.c"
"$@" -c -o "$dir/feature.o" "$dir/feature.c"
tell $? 'README.md: the third sample does not compile'

# The conversation script: what is indented from its first client on, as far as the command that plays it.
awk '
    /^    \[Client\]/ { on = 1 }
    /build\/muc-scs/ { on = 0 }
    on { sub(/^    /, ""); print }' README.md >"$dir/garden.scs"
"$build/muc-scs" "$dir/garden.scs" >"$dir/report" 2>&1
tell $? "README.md: the script fails: $(cat "$dir/report")"

finish
