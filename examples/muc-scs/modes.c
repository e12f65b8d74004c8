/* modes.c: one script in one mode or in all of them; see modes.h.
 *
 * Mode `bytes` is the measure: every other mode must send the same stanzas to the same recipients in the same order. */
#include <stdio.h>
#include <string.h>

#include "modes.h"
#include "report.h"

static void print_line(const tally *t, int passed, const char *path, const char *how)
{
    static const char *const labels[2][2] = {{"FAILED", "\033[31mFAILED\033[0m"}, {"ok", "\033[32mok\033[0m"}};
    if (passed && t->options.quiet)
        return;
    printf("%s%*s%s (%s)\n", labels[passed][t->options.color != 0], passed ? 6 : 2, "", path, how);
}

static void count_run(tally *t, int passed, const char *path, const char *how)
{
    if (passed)
        t->passed++;
    else
        t->failed++;
    print_line(t, passed, path, how);
}

/* Prints a run; the failure of mode bytes is not told again. */
static void print_run(const tally *t, const player *p, const player *reference)
{
    int told = t->modes[MODE_BYTES] && p != reference && reference->failure.n;
    if (p->failure.n && told && p->failed_line == reference->failed_line)
        printf("  as in mode bytes\n");
    else
        fputs(text_string(&p->failure), stdout);
    if (t->options.transcript)
        fputs(text_string(&p->transcript), stdout);
}

static void run_mode(tally *t, const script *s, const player *reference, mode how)
{
    player p;
    int result = player_play(&p, s, &t->options, how);
    if (result == 0 && reference->failure.n == 0 && !t->options.leaks &&
        strcmp(text_string(&p.transcript), text_string(&reference->transcript)) != 0) {
        report_transcripts(&p, text_string(&reference->transcript), text_string(&p.transcript), &p.failure);
        result = -1;
    }
    print_run(t, &p, reference);
    count_run(t, result == 0, s->path, mode_names[how]);
    player_free(&p);
}

static void run_leaks(tally *t, const script *s, const player *reference)
{
    options o = t->options;
    player p;
    o.leaks = 1;
    int result = player_play(&p, s, &o, MODE_BYTES);
    print_run(t, &p, reference);
    count_run(t, result == 0, s->path, "leaks");
    player_free(&p);
}

static void count_skipped(tally *t, const script *s)
{
    t->skipped++;
    if (!t->options.quiet)
        printf("skipped %s (needs %s)\n", s->path, s->needs);
}

static void run_modes(tally *t, const script *s)
{
    player reference;
    int result = player_play(&reference, s, &t->options, MODE_BYTES);
    if (t->modes[MODE_BYTES]) {
        print_run(t, &reference, &reference);
        count_run(t, result == 0, s->path, mode_names[MODE_BYTES]);
    }
    for (int how = MODE_BYTES + 1; how < MODE_COUNT; how++)
        if (t->modes[how])
            run_mode(t, s, &reference, (mode)how);
    if (t->with_leaks)
        run_leaks(t, s, &reference);
    player_free(&reference);
}

void modes_run(tally *t, const char *path)
{
    script s;
    if (script_read(&s, path) < 0) {
        fputs(text_string(&s.error), stdout);
        count_run(t, 0, path, "not read");
        t->unreadable |= s.unreadable;
    } else if (s.needs && strcmp(s.needs, muc_prep_profile()) != 0) {
        count_skipped(t, &s);
    } else {
        run_modes(t, &s);
    }
    script_free(&s);
}
