#!/bin/sh
# manpages.sh DIR: what Doxygen wrote to DIR gets names that can stand among the man pages of others: those of headers
# and guides say whose they are, and those of struct members, which have a name like any other word, go.
set -eu
cd "$1"
for page in *.3; do
    case $page in
    muc.h.3 | MUC_EXTERN.3 | [Mm][Uu][Cc]_*) ;;
    *.h.3) mv "$page" "muc_$page" ;;
    *) if grep -q '^\.so ' "$page"; then rm "$page"; else mv "$page" "libmuc-$page"; fi ;;
    esac
done
sed -i -e '/^\.so /!b' -e 's|man3/\([a-z]*\.h\.3\)|man3/muc_\1|' -e 's|man3/muc_muc\.h|man3/muc.h|' ./*.3
# A page that only points to one that is gone is gone, too.
for page in *.3; do
    target=$(sed -n 's|^\.so man3/||p' "$page")
    [ -z "$target" ] || [ -e "$target" ] || rm "$page"
done
