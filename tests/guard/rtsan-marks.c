// The marks around a block, for RealtimeSanitizer: between them it ends the program with code 43 at
// whatever may allocate, lock, wait or enter the kernel.
//
//   FZ_PLANT=malloc:n | mutex:n   does that in the n-th block
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

extern void __rtsan_realtime_enter(void);
extern void __rtsan_realtime_exit(void);

unsigned long fz_rt_blocks;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *volatile planted; // else the compiler leaves the pair out

static int is_planted(const char *what) {
    const char *plant = getenv("FZ_PLANT");
    size_t length = strlen(what);
    return plant && strncmp(plant, what, length) == 0 && plant[length] == ':' &&
           strtoul(plant + length + 1, NULL, 10) == fz_rt_blocks;
}

void fz_rt_enter(void) {
    fz_rt_blocks++;
    __rtsan_realtime_enter();
    if (is_planted("malloc")) free((planted = malloc(64)));
    if (is_planted("mutex")) pthread_mutex_lock(&mutex), pthread_mutex_unlock(&mutex);
}

void fz_rt_exit(void) { __rtsan_realtime_exit(); }
