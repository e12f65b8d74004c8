/* main.c: muc-bench: chooses loads by name; see bench.h.
 *
 *     muc-bench [NAME...]         the loads of that name, or all that belong to `make bench`
 *     muc-bench --short [NAME]    the short form of one, for callgrind; without a name: their names
 *
 * Exit status: 0 when every bar was met, 1 when not, 2 when something did not work. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

static const struct load {
    const char *name;
    void (*run)(void);
    bool by_name_only;
} loads[] = {{"fanout", bench_fanout, false},
             {"join", bench_join, false},
             {"churn", bench_churn, false},
             {"chat", bench_chat, false},
             {"rooms", bench_rooms, false},
             {"gone", bench_gone, false},
             {"affiliations", bench_affiliations, false},
             {"history", bench_history, false},
             {"snapshot", bench_snapshot, false},
             {"lists", bench_lists, false},
             {"invite", bench_invite, false},
             {"register", bench_register, false},
             {"query", bench_query, false},
             {"voice", bench_voice, false},
             {"parked", bench_parked, false},
             {"join_heap", bench_join_heap, true},
             {"rooms_heap", bench_rooms_heap, true},
             {"large", bench_large, true},
             {"threads", bench_threads, true},
             {"threads_once", bench_threads_once, true}};
enum { LOADS = sizeof loads / sizeof *loads };

static int summary(void)
{
    size_t passed, failed;
    bench_verdicts(&passed, &failed);
    printf("%zu bars met, %zu missed\n", passed, failed);
    return failed > 0;
}

static int run_named(char **names, int count)
{
    for (int i = 0; i < count; i++) {
        size_t k = 0;
        while (k < LOADS && strcmp(loads[k].name, names[i]) != 0)
            k++;
        if (k == LOADS) {
            fprintf(stderr, "muc-bench: no load named %s\n", names[i]);
            return 2;
        }
        loads[k].run();
    }
    return summary();
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--short") == 0)
        return bench_short(argc > 2 ? argv[2] : NULL) ? 0 : 2;
    if (argc > 1)
        return run_named(argv + 1, argc - 1);
    for (size_t i = 0; i < LOADS; i++)
        if (!loads[i].by_name_only)
            loads[i].run();
    return summary();
}
