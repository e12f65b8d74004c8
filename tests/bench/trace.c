/* trace.c: counting processor instructions exactly, without counters in the processor (which virtual machines lack):
 * a copy of this process is stepped through. It works on sizes that are too large for callgrind to make ready. */
#define _DEFAULT_SOURCE
#include "bench.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's stops, between which steps are counted. */
static void be_traced(bench_fn *fn, void *ud, size_t times)
{
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(1);
    raise(SIGSTOP);
    bench_counted(fn, ud, times);
    raise(SIGSTOP);
    _exit(0);
}

static bool stopped(pid_t child, int signal)
{
    int status;
    return waitpid(child, &status, 0) == child && WIFSTOPPED(status) && WSTOPSIG(status) == signal;
}

uint64_t bench_instructions(bench_fn *fn, void *ud, size_t times)
{
    pid_t child = fork();
    if (child == 0)
        be_traced(fn, ud, times);
    uint64_t steps = 0;
    if (child < 0)
        return 0;
    if (stopped(child, SIGSTOP)) {
        while (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0 && stopped(child, SIGTRAP))
            steps++;
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return steps;
}
