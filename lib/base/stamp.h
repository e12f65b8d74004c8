/* stamp.h: XEP-0082 date and time as milliseconds since the Unix epoch, by arithmetic: no clock, no locale, no zone. */
#ifndef MU_BASE_STAMP_H
#define MU_BASE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MU_STAMP_SIZE = 32 };
/* "2026-01-01T00:00:00Z", with ".123" when there are milliseconds. Years 1 to 9999, others are clamped. */
size_t mu_stamp_format(int64_t ms, char out[MU_STAMP_SIZE]);
/* XEP-0082 section 3.2 DateTime: any fraction, "Z" or an offset. Also the legacy "20260101T00:00:00". */
bool mu_stamp_parse(const char *p, size_t n, int64_t *ms);

#endif
