# filter.awk: what Doxygen reads of a header: its first comment is about the file, its sections are groups of members.
FNR == 1 && match($0, /^\/\* [a-z_]+\.h: /) {
    $0 = "/** @file " substr($0, 4, RLENGTH - 5) "\n * " toupper(substr($0, RLENGTH + 1, 1)) substr($0, RLENGTH + 2)
}
/^\/\* ---- / {
    name = $0
    ends = sub(/ *\*\/$/, "", name)
    gsub(/^\/\* ---- *| *-+$/, "", name)
    $0 = (open ? "/**@}*/ " : "") "/** @name " toupper(substr(name, 1, 1)) substr(name, 2) (ends ? " */ /**@{*/" : "")
    open = 1
    said = !ends
}
# What is said of a section as a whole.
said && /\*\/$/ { $0 = $0 " /**@{*/"; said = 0 }
/^#ifdef __cplusplus/ && open && before == "" { before = "/**@}*/"; open = 0 }
FNR > 1 { print before }
{ before = $0 }
END { print before }
