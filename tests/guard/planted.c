// The guard's own test: marks blocks as FlowCore does, and does in them what its argument says.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>

extern void fz_rt_enter(void) __attribute__((weak));
extern void fz_rt_exit(void) __attribute__((weak));

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned word;
static void *volatile kept;

static void misbehave(const char *how) {
    if (strcmp(how, "malloc") == 0) free((kept = malloc(64)));
    if (strcmp(how, "mutex") == 0) pthread_mutex_lock(&mutex), pthread_mutex_unlock(&mutex);
    if (strcmp(how, "sleep") == 0) nanosleep(&(struct timespec){0, 1000}, NULL);
    if (strcmp(how, "write") == 0) (void)!write(STDERR_FILENO, "", 0);
    if (strcmp(how, "wake") == 0) syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
    if (strcmp(how, "wait") == 0) syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL, NULL, 0);
}

int main(int argc, char **argv) {
    if (!fz_rt_enter || !fz_rt_exit) return 3;
    for (int block = 0; block < 1000; block++) {
        free((kept = malloc(32)));
        fz_rt_enter();
        if (block == 500 && argc > 1) misbehave(argv[1]);
        fz_rt_exit();
    }
    return 0;
}
