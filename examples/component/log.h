/* log.h: what the program has to say, on standard error. */
#ifndef COMPONENT_LOG_H
#define COMPONENT_LOG_H

/** How much a line matters. The numbers are those of syslog and of systemd's journal. */
typedef enum log_level {
    LOG_ERROR = 3,   /**< it does not work, and somebody has to do something */
    LOG_WARNING = 4, /**< it works, but something was not as it should be */
    LOG_INFO = 6,    /**< what an administrator likes to see: connected, disconnected, ended */
    LOG_DEBUG = 7    /**< every stanza that was not taken, every step */
} log_level;

/** Sets the least level that is shown; at first LOG_INFO. */
void log_set_level(log_level level);
/** Finds the level of a word: error, warning, info, debug. 1 and *out, or 0. */
int log_level_from_name(const char *name, log_level *out);

/** Writes a line. It begins with "<N>" where standard error is systemd's journal (it says so by JOURNAL_STREAM), else
 * with time and level. Control characters become '?'. */
void log_line(log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)   log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)   log_line(LOG_DEBUG, __VA_ARGS__)

#endif
