/* report.h: telling what went wrong. */
#ifndef SCS_REPORT_H
#define SCS_REPORT_H

#include <libxml/tree.h>

#include "player.h"

/** Writes the report of a step that failed: where, what, why, which requirements. Returns -1. */
int report_failure(player *p, const char *why);
/** The same with what was expected and what was received side by side. */
int report_mismatch(player *p, const xmlNode *expected, const char *received, const char *why);
/** Writes the first line at which two transcripts differ. */
void report_transcripts(const player *p, const char *expected, const char *got, text *out);

#endif
