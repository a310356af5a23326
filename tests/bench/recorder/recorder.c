// Preloaded into the engine process: notes how long each block of the audio thread took, in CPU time of
// its thread and by the clock. The library finds the two marks as it finds the guard's.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { BLOCKS_MAX = 1 << 21 };

static uint32_t cpu[BLOCKS_MAX], wall[BLOCKS_MAX];
// Page faults of a block, and times another thread took its processor.
static uint8_t faults[BLOCKS_MAX], switches[BLOCKS_MAX];
static struct rusage before;
static _Atomic int count;
static int64_t cpu_before, wall_before;
static int is_inside;

static int64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static uint8_t held(long times) { return times > UINT8_MAX ? UINT8_MAX : (uint8_t)times; }

// One audio thread at a time: plain variables will do.
void fz_rt_enter(void) {
    getrusage(RUSAGE_THREAD, &before);
    wall_before = clock_ns(CLOCK_MONOTONIC);
    cpu_before = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    is_inside = 1;
}

void fz_rt_exit(void) {
    int64_t cpu_after = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    int64_t wall_after = clock_ns(CLOCK_MONOTONIC);
    struct rusage after;
    getrusage(RUSAGE_THREAD, &after);
    int index = atomic_load(&count);
    if (!is_inside || index >= BLOCKS_MAX) return;
    is_inside = 0;
    cpu[index] = (uint32_t)(cpu_after - cpu_before);
    wall[index] = (uint32_t)(wall_after - wall_before);
    faults[index] = held(after.ru_minflt + after.ru_majflt - before.ru_minflt - before.ru_majflt);
    switches[index] = held(after.ru_nivcsw - before.ru_nivcsw);
    atomic_store(&count, index + 1);
}

// Forgets what was noted so far.
void fz_recorder_begin(void) { atomic_store(&count, 0); }

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

// Why blocks took more than four times the median: a page of memory, another thread, or neither.
static void explain(FILE *file, uint32_t median, int all) {
    int by_fault = 0, by_switch = 0;
    for (int block = 0; block < all; block++) {
        if (cpu[block] <= 4 * median) continue;
        if (faults[block]) by_fault++;
        if (switches[block]) by_switch++;
    }
    fprintf(file, ",\"slowWithFault\":%d,\"slowWithSwitch\":%d", by_fault, by_switch);
}

static uint32_t median_of(const uint32_t *times, int all) {
    uint32_t *sorted = malloc((size_t)all * sizeof *sorted);
    if (!sorted) return 0;
    memcpy(sorted, times, (size_t)all * sizeof *sorted);
    qsort(sorted, (size_t)all, sizeof *sorted, compare);
    uint32_t median = sorted[all / 2];
    free(sorted);
    return median;
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
    explain(file, median_of(cpu, all), all);
    describe(file, "cpu", cpu, all);
    describe(file, "wall", wall, all);
    fprintf(file, "}\n");
    return fclose(file);
}
