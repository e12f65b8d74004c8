/* log.c: lines on standard error, as systemd's journal or a person reads them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

static log_level least = LOG_INFO;

static const struct {
    const char *name;
    log_level level;
} levels[] = {
    {"error", LOG_ERROR},
    {"warning", LOG_WARNING},
    {"info", LOG_INFO},
    {"debug", LOG_DEBUG},
};

void log_set_level(log_level level)
{
    least = level;
}

int log_level_from_name(const char *name, log_level *out)
{
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(levels[i].name, name) == 0)
            return *out = levels[i].level, 1;
    return 0;
}

static const char *name_of(log_level level)
{
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (levels[i].level == level)
            return levels[i].name;
    return "";
}

/* Whether standard error is what systemd has named: "DEVICE:INODE". */
static int is_journal(void)
{
    struct stat st;
    uintmax_t device, inode;
    const char *stream = getenv("JOURNAL_STREAM");
    return stream && sscanf(stream, "%" SCNuMAX ":%" SCNuMAX, &device, &inode) == 2 && fstat(STDERR_FILENO, &st) == 0 &&
           st.st_dev == (dev_t)device && st.st_ino == (ino_t)inode;
}

void log_line(log_level level, const char *format, ...)
{
    if (level > least)
        return;
    static int journal = -1;
    if (journal < 0)
        journal = is_journal();
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    /* Texts of others are in it: they do not begin lines of their own. */
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
    if (journal) {
        fprintf(stderr, "<%d>%s\n", (int)level, text);
        return;
    }
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    fprintf(stderr, "%s %s: %s\n", stamp, name_of(level), text);
}
