/* stamp.c: XEP-0082 DateTime by arithmetic in the proleptic Gregorian calendar; and the legacy form of section 4. */
#include <base/stamp.h>

static const int64_t DAY = 86400000;
/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z */
static const int64_t FIRST = -62135596800000;
static const int64_t LAST = 253402300799999;

/* Days since 1970-01-01. Years begin in March here, so that the leap day is the last one. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

/* The other way round, for days in the years 1 to 9999. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t in_era = z % 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (y * 365 + y / 4 - y / 100);
    int64_t m = (in_year * 5 + 2) / 153;
    *day = (int)(in_year - (m * 153 + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(era * 400 + y + (*month <= 2));
}

static char *put(char *p, int64_t v, int width, char after)
{
    for (int i = width - 1; i >= 0; i--, v /= 10)
        p[i] = (char)('0' + v % 10);
    p[width] = after;
    return p + width + 1;
}

size_t mu_stamp_format(int64_t ms, char out[MU_STAMP_SIZE])
{
    ms = ms < FIRST ? FIRST : ms > LAST ? LAST : ms;
    int64_t days = ms / DAY - (ms % DAY < 0);
    int64_t rest = ms - days * DAY;
    int year, month, day;
    date_of(days, &year, &month, &day);
    char *p = put(out, year, 4, '-');
    p = put(p, month, 2, '-');
    p = put(p, day, 2, 'T');
    p = put(p, rest / 3600000, 2, ':');
    p = put(p, rest / 60000 % 60, 2, ':');
    p = put(p, rest / 1000 % 60, 2, rest % 1000 ? '.' : 'Z');
    if (rest % 1000)
        p = put(p, rest % 1000, 3, 'Z');
    *p = '\0';
    return (size_t)(p - out);
}

/* Reads `text` against `shape`, where digits stand for number fields: "0000-11-22" gives v[0], v[1], v[2]. */
static bool fields(const char *p, const char *shape, int *v)
{
    for (size_t i = 0; shape[i]; i++) {
        if (shape[i] < '0' || shape[i] > '9') {
            if (p[i] != shape[i])
                return false;
        } else {
            if (p[i] < '0' || p[i] > '9')
                return false;
            v[shape[i] - '0'] = v[shape[i] - '0'] * 10 + (p[i] - '0');
        }
    }
    return true;
}

/* v: year, month, day, hour, minute, second. */
static bool in_range(const int v[6])
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (v[0] < 1 || v[1] < 1 || v[1] > 12 || v[3] > 23 || v[4] > 59 || v[5] > 59)
        return false;
    bool leap = v[0] % 4 == 0 && (v[0] % 100 != 0 || v[0] % 400 == 0);
    return v[2] >= 1 && v[2] <= lengths[v[1] - 1] + (v[1] == 2 && leap);
}

/* "Z" or an offset, at the end; what has to be added for UTC. */
static bool zone(const char *p, size_t n, int64_t *ms)
{
    int v[2] = {0, 0};
    *ms = 0;
    if (n == 1 && p[0] == 'Z')
        return true;
    if (n != 6 || (p[0] != '+' && p[0] != '-') || !fields(p + 1, "00:11", v) || v[0] > 23 || v[1] > 59)
        return false;
    *ms = (v[0] * 60 + v[1]) * (int64_t)60000 * (p[0] == '+' ? -1 : 1);
    return true;
}

/* ".123", any number of digits; how many bytes of p it is, 0 when it is none. */
static size_t fraction(const char *p, size_t n, int64_t *ms)
{
    int64_t unit = 100;
    size_t i = 1;
    if (n == 0 || p[0] != '.')
        return 0;
    for (; i < n && p[i] >= '0' && p[i] <= '9'; i++, unit /= 10)
        *ms += (p[i] - '0') * unit;
    return i > 1 ? i : 0;
}

bool mu_stamp_parse(const char *p, size_t n, int64_t *ms)
{
    static const char legacy[] = "00001122T33:44:55";
    static const char full[] = "0000-11-22T33:44:55";
    int v[6] = {0};
    int64_t extra = 0, offset = 0;
    if (n == sizeof legacy - 1) {
        if (!fields(p, legacy, v))
            return false;
    } else {
        size_t at = sizeof full - 1;
        if (n <= at || !fields(p, full, v))
            return false;
        at += fraction(p + at, n - at, &extra);
        if (!zone(p + at, n - at, &offset))
            return false;
    }
    if (!in_range(v))
        return false;
    int64_t seconds = v[3] * (int64_t)3600 + v[4] * 60 + v[5];
    *ms = days_of(v[0], v[1], v[2]) * DAY + seconds * 1000 + extra + offset;
    return true;
}
