// Preloaded into the engine process: notes how long each block of the audio thread took, in CPU time of
// its thread and by the clock. The library finds the two marks as it finds the guard's.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BLOCKS_MAX = 1 << 21 };

static uint32_t cpu[BLOCKS_MAX], wall[BLOCKS_MAX];
static _Atomic int count;
static int64_t cpu_before, wall_before;
static int is_inside;

static int64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// One audio thread at a time: plain variables will do.
void fz_rt_enter(void) {
    wall_before = clock_ns(CLOCK_MONOTONIC);
    cpu_before = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    is_inside = 1;
}

void fz_rt_exit(void) {
    int64_t cpu_after = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    int64_t wall_after = clock_ns(CLOCK_MONOTONIC);
    int index = atomic_load(&count);
    if (!is_inside || index >= BLOCKS_MAX) return;
    is_inside = 0;
    cpu[index] = (uint32_t)(cpu_after - cpu_before);
    wall[index] = (uint32_t)(wall_after - wall_before);
    atomic_store(&count, index + 1);
}

// Forgets what was noted so far.
void fz_recorder_begin(void) { atomic_store(&count, 0); }

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void describe(FILE *file, const char *name, uint32_t *times, int all) {
    qsort(times, (size_t)all, sizeof *times, compare);
    int slow = 0;
    while (slow < all && times[all - 1 - slow] > 4 * times[all / 2]) slow++;
    fprintf(file, ",\"%sMedianNs\":%u,\"%sP9999Ns\":%u,\"%sWorstNs\":%u,\"%sSlow\":%d", name,
            times[all / 2], name, times[(int)(all * 0.9999)], name, times[all - 1], name, slow);
}

// Writes the report once the engine has ended. 0, or −1.
int fz_recorder_write(void) {
    const char *path = getenv("FZ_RECORDER_REPORT");
    FILE *file = path ? fopen(path, "w") : NULL;
    int all = atomic_load(&count);
    if (!file || all == 0) return -1;
    fprintf(file, "{\"blocks\":%d", all);
    describe(file, "cpu", cpu, all);
    describe(file, "wall", wall, all);
    fprintf(file, "}\n");
    return fclose(file);
}
