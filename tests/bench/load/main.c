/* main.c: muc-load: plays the users of a chat service and tells what that cost the processes that serve them.
 *
 *     muc-load [OPTION]... --port PORT -- COMMAND...
 *         takes the server's side of the component protocol at that port, and runs COMMAND, a component that connects
 *     muc-load [OPTION]... --port PORT --secret SECRET --watch NAME=PID...
 *         is the component PEOPLE of a running server, which has the rooms, itself or in another component
 *
 * Exit status: 0, or 2 when something did not work. What it says of costs is compared by run.py. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "play.h"

static const char help[] =
    "usage: muc-load [OPTION]... --port PORT -- COMPONENT [ARGUMENT]...\n"
    "       muc-load [OPTION]... --port PORT --secret SECRET --watch NAME=PID...\n"
    "\n"
    "Plays the users of a chat service: as the server of a component that it starts, or as another component of a\n"
    "server. Tells processor time by delivered stanza, and resident memory.\n"
    "\n"
    "  --users N        who enter one room, and who there are for all (1000)\n"
    "  --messages N     how many are sent there (100)\n"
    "  --rounds N       how often all of it is played (1)\n"
    "  --weight N       instead: so many rooms are made, and\n"
    "  --inside N       so many are in each at last (10)\n"
    "  --window N       how many stanzas of users are under way at once, 0: all (10)\n"
    "  --rooms DOMAIN   where the rooms are (rooms.example.org)\n"
    "  --people DOMAIN  where the users are (people.example.org)\n"
    "  --port PORT      of 127.0.0.1: where the component comes, or where the server takes components\n"
    "  --secret SECRET  of the component PEOPLE\n"
    "  --watch NAME=PID a process to measure; may be given again";

enum { USERS = 1, MESSAGES, ROUNDS, WEIGHT, INSIDE, WINDOW, ROOMS, PEOPLE, PORT, SECRET, WATCH, HELP };

static const struct option options[] = {
    {"users", 1, NULL, USERS},   {"messages", 1, NULL, MESSAGES}, {"rounds", 1, NULL, ROUNDS},
    {"weight", 1, NULL, WEIGHT}, {"inside", 1, NULL, INSIDE},     {"window", 1, NULL, WINDOW},
    {"rooms", 1, NULL, ROOMS},   {"people", 1, NULL, PEOPLE},     {"port", 1, NULL, PORT},
    {"secret", 1, NULL, SECRET}, {"watch", 1, NULL, WATCH},       {"help", 0, NULL, HELP},
    {NULL, 0, NULL, 0},
};

static size_t number(const char *text)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno || end == text || *end || value > 10000000)
        die("%s is not a number that will do", text);
    return value;
}

static void add_watch(play *p, const char *text)
{
    const char *pid = strchr(text, '=');
    if (!pid || p->watching == WATCHED)
        die("--watch wants NAME=PID, and not more than %d of them", WATCHED);
    p->watched[p->watching++] = (watch){strndup(text, (size_t)(pid - text)), (pid_t)number(pid + 1)};
}

/* The component ends with this program. */
static pid_t run(char **command)
{
    pid_t pid = fork();
    if (pid < 0)
        die("cannot start %s: %s", command[0], strerror(errno));
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(command[0], command);
        die("cannot run %s: %s", command[0], strerror(errno));
    }
    return pid;
}

static void take_option(play *p, int which, int *port, const char **secret)
{
    switch (which) {
    case USERS:
        p->users = number(optarg);
        break;
    case MESSAGES:
        p->messages = number(optarg);
        break;
    case ROUNDS:
        p->rounds = (int)number(optarg);
        break;
    case WEIGHT:
        p->count = number(optarg);
        break;
    case INSIDE:
        p->inside = number(optarg);
        break;
    case WINDOW:
        p->window = number(optarg);
        break;
    case ROOMS:
        p->rooms = optarg;
        break;
    case PEOPLE:
        p->people = optarg;
        break;
    case PORT:
        *port = (int)number(optarg);
        break;
    case SECRET:
        *secret = optarg;
        break;
    case WATCH:
        add_watch(p, optarg);
        break;
    case HELP:
        puts(help);
        exit(0);
    default:
        exit(2);
    }
}

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Runs the component, and tells how long it takes until it is there. */
static pid_t begin(play *p, int port, char **command)
{
    int listener = wire_listen(port);
    double before = milliseconds();
    pid_t component = run(command);
    watch *w = &p->watched[p->watching++];
    *w = (watch){"component", component};
    wire_accept(&p->wire, listener, p->rooms);
    double ms = milliseconds() - before;
    usage used = watch_usage(w);
    printf("bench=load what=start process=component ms=%.1f cpu_ms=%.1f rss=%llu\n", ms, (double)used.ns / 1e6,
           (unsigned long long)used.rss);
    return component;
}

static void end(pid_t component)
{
    int status;
    kill(component, SIGTERM);
    if (waitpid(component, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die("the component did not end well");
}

int main(int argc, char **argv)
{
    play p = {.rooms = "rooms.example.org",
              .people = "people.example.org",
              .users = 1000,
              .messages = 100,
              .rounds = 1,
              .inside = 10,
              .window = 10};
    int port = 0;
    const char *secret = NULL;
    for (int which; (which = getopt_long(argc, argv, "+", options, NULL)) != -1;)
        take_option(&p, which, &port, &secret);
    if (!port || p.users < 2 || p.inside < 2 || (optind == argc) != (secret != NULL))
        die("what to play? --help tells");
    pid_t component = 0;
    if (secret)
        wire_connect(&p.wire, port, p.people, secret);
    else
        component = begin(&p, port, argv + optind);
    if (p.count)
        play_weight(&p);
    else
        play_room(&p);
    wire_close(&p.wire);
    if (component)
        end(component);
    return 0;
}
