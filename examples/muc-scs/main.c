/* main.c: muc-scs: plays conversation scripts against the library. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "memory.h"
#include "modes.h"
#include "options.h"
#include "shared/load.h"

static const char usage[] =
    "usage: muc-scs [--mode bytes|nodes|pull|restore|nomem|all] [--lenient] [--leaks] "
    "[--transcript]\n"
    "               [--drop-views] [--without FEATURE]... [--load FILE.so]...\n"
    "               [--color auto|always|never] [-q] FILE|DIR...\n"
    "       muc-scs --options [--load FILE.so]...\n"
    "       muc-scs --help | --version | --features\n"
    "\n"
    "Plays conversation scripts (.scs) against the library, each in a fresh service and without a "
    "network.\n"
    "Exit status: 0 when all passed, 1 when something failed, 2 when it was called wrongly\n"
    "or a file could not be read.\n";

/* The value of "--name value" or "--name=value"; NULL when the argument is another one. */
static const char *value_of(char **argv, int *i, const char *name)
{
    size_t n = strlen(name);
    if (!starts(argv[*i], name) || (argv[*i][n] && argv[*i][n] != '='))
        return NULL;
    if (argv[*i][n])
        return argv[*i] + n + 1;
    return argv[*i + 1] ? argv[++*i] : "";
}

static int choose_mode(tally *t, const char *name)
{
    int all = strcmp(name, "all") == 0, known = all;
    for (int i = 0; i < MODE_COUNT; i++) {
        t->modes[i] = all || strcmp(name, mode_names[i]) == 0;
        known |= t->modes[i];
    }
    t->with_leaks = all;
    return known;
}

static int choose_color(tally *t, const char *when)
{
    t->options.color = strcmp(when, "always") == 0 || (strcmp(when, "auto") == 0 && isatty(STDOUT_FILENO));
    return t->options.color || strcmp(when, "never") == 0 || strcmp(when, "auto") == 0;
}

/* The feature is one that there is. */
static int leave_out(tally *t, const char *name)
{
    const muc_feature *const *all = muc_features_full();
    while (*all && strcmp((*all)->name, name) != 0)
        all++;
    words_add(&t->options.without, name);
    return *all != NULL;
}

static int load(const char *path)
{
    const char *why = load_features(path);
    if (why)
        fprintf(stderr, "muc-scs: no features in %s: %s\n", path, why);
    return why == NULL;
}

static int choose_flag(tally *t, const char *arg)
{
    struct {
        const char *name;
        int *flag;
    } flags[] = {
        {"--lenient", &t->options.lenient}, {"--leaks", &t->options.leaks}, {"--transcript", &t->options.transcript},
        {"-q", &t->options.quiet},          {"--quiet", &t->options.quiet}, {"--drop-views", &t->options.drop_views},
        {"--options", &t->list_options},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(arg, flags[i].name) == 0)
            return *flags[i].flag = 1;
    return 0;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int ends_with(const char *string, const char *with)
{
    size_t n = strlen(string), m = strlen(with);
    return n > m && strcmp(string + n - m, with) == 0;
}

/* Gathers a file, or the scripts in a folder and below; the list grows while it is walked. */
static int gather(const char *path, words *files)
{
    words all = {0};
    size_t first = files->count;
    words_add(&all, path);
    for (size_t i = 0; i < all.count; i++) {
        struct stat st;
        DIR *dir = NULL;
        int is_dir = stat(all.list[i], &st) == 0 && S_ISDIR(st.st_mode);
        if (is_dir)
            dir = opendir(all.list[i]);
        /* A folder that cannot be read is a file that cannot be read. */
        if (!dir && (i == 0 || is_dir || ends_with(all.list[i], ".scs")))
            words_add(files, all.list[i]);
        for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
            text name = {0};
            text_format(&name, "%s/%s", all.list[i], entry->d_name);
            if (entry->d_name[0] != '.')
                words_add(&all, name.p);
            text_free(&name);
        }
        if (dir)
            closedir(dir);
    }
    words_free(&all);
    if (files->count == first)
        fprintf(stderr, "muc-scs: no scripts (*.scs) in %s\n", path);
    else
        qsort(files->list + first, files->count - first, sizeof *files->list, compare_words);
    return files->count > first;
}

/* ---- start ------------------------------------------------------------------------------------------------------ */

static int wrong_usage(const char *what, const char *arg)
{
    fprintf(stderr, "muc-scs: %s%s\n%s", what, arg, usage);
    return 2;
}

static int read_arguments(tally *t, char **argv, words *files)
{
    int only_files = 0, nothing = 0;
    for (int i = 1; argv[i]; i++) {
        const char *arg = argv[i], *value, *what = "not understood: ";
        int known = 1;
        if (only_files || arg[0] != '-' || !arg[1])
            nothing |= gather(arg, files) == 0;
        else if (strcmp(arg, "--") == 0)
            only_files = 1;
        else if ((value = value_of(argv, &i, "--mode")) != NULL)
            known = choose_mode(t, value), what = "no such mode: ", arg = value;
        else if ((value = value_of(argv, &i, "--without")) != NULL)
            known = leave_out(t, value), what = "no such feature: ", arg = value;
        else if ((value = value_of(argv, &i, "--load")) != NULL)
            nothing |= load(value) == 0;
        else if ((value = value_of(argv, &i, "--color")) != NULL)
            known = choose_color(t, value);
        else
            known = choose_flag(t, arg);
        if (!known)
            return wrong_usage(what, arg);
    }
    if (nothing)
        return 2;
    return files->count || t->list_options ? 0 : wrong_usage("no file was named", "");
}

int main(int argc, char **argv)
{
    tally t = {.modes = {[MODE_BYTES] = 1}};
    words files = {0};
    if (memory_setup() < 0) {
        fputs("muc-scs: libxml2 does not take an allocator\n", stderr);
        return 3;
    }
    xmlInitParser();
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("muc-scs %s (%s)\n", muc_version(), muc_prep_profile());
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--features") == 0) {
        for (const muc_feature *const *feature = muc_features_full(); *feature; feature++)
            puts((*feature)->name);
        return 0;
    }
    choose_color(&t, "auto");
    int result = read_arguments(&t, argv, &files), list_only = result == 0 && t.list_options;
    if (list_only)
        result = options_print();
    for (size_t i = 0; i < files.count && result == 0 && !list_only; i++)
        modes_run(&t, files.list[i]);
    words_free(&files);
    words_free(&t.options.without);
    unload_features();
    if (result || list_only)
        return result;
    if (t.skipped)
        printf("%zu skipped, made for another JID preparation than %s\n", t.skipped, muc_prep_profile());
    printf("%zu passed, %zu failed\n", t.passed, t.failed);
    return t.unreadable ? 2 : t.failed ? 1 : 0;
}
