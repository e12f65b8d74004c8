# links.awk: what Doxygen reads of a page: macros, values and features become links, outside of samples and backticks.
/^```/ { sample = !sample }
sample || /^    / { print; next }
{
    n = split($0, part, "`")
    for (i = 1; i <= n; i += 2)
        gsub(/MUC_[A-Z0-9_]*[A-Z0-9]|muc_feature_[a-z_]+/, "#&", part[i])
    line = part[1]
    for (i = 2; i <= n; i++)
        line = line "`" part[i]
    gsub(/#muc_feature_[a-z_]+\(/, "\n&", line)
    gsub(/\n#/, "", line)
    print line
}
