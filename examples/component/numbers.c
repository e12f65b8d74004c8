/* numbers.c: a table of the numbers in muc_settings, which stand there as several types. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

#define NUMBER(member) {#member, offsetof(muc_settings, member), sizeof(((muc_settings *)0)->member)},
static const struct {
    const char *name;
    size_t offset, size;
} numbers[] = {
#include "shared/numbers.inc"
};
#undef NUMBER

enum { COUNT = sizeof numbers / sizeof numbers[0] };

const char *numbers_name(size_t i)
{
    return i < COUNT ? numbers[i].name : NULL;
}

int64_t numbers_get(const muc_settings *settings, size_t i)
{
    const char *place = (const char *)settings + numbers[i].offset;
    int64_t big;
    int32_t small;
    if (numbers[i].size == sizeof big)
        return memcpy(&big, place, sizeof big), big;
    return memcpy(&small, place, sizeof small), small;
}

const char *numbers_set(muc_settings *settings, const char *name, const char *value)
{
    size_t i = 0;
    while (i < COUNT && strcmp(numbers[i].name, name) != 0)
        i++;
    if (i == COUNT)
        return "there is no such number in muc_settings (muc/service.h)";
    char *end;
    errno = 0;
    int64_t big = strtoll(value, &end, 10);
    if (end == value || *end || errno || big < 0)
        return "that is no number from 0 on";
    char *place = (char *)settings + numbers[i].offset;
    if (numbers[i].size == sizeof big) {
        memcpy(place, &big, sizeof big);
        return NULL;
    }
    int32_t small = (int32_t)big;
    if (small != big)
        return "the number is too large";
    memcpy(place, &small, sizeof small);
    return NULL;
}
