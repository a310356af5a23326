// Clocks, counters, and the two marks that the library calls around real-time code.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "engine.h"
#include <valgrind/callgrind.h>

static enum marks mode = MARKS_OFF;
static struct block_time *recorded;
static int capacity;
static _Atomic int recorded_count;
static __thread int64_t cpu_before;

static int64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

void sleep_until(int64_t deadline_ns) {
    struct timespec until = {deadline_ns / 1000000000, deadline_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) {
    }
}

void rest_ms(double ms) { sleep_until(now_ns() + (int64_t)(ms * 1e6)); }

int64_t resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*d %ld", &pages) != 1) fail("/proc/self/statm cannot be read");
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

double process_cpu_ms(void) { return (double)clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1e6; }

int64_t thread_cpu_ns(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }

void set_marks(enum marks next) { mode = next; }

void record_blocks(int wanted) {
    mode = MARKS_OFF;
    recorded = realloc(recorded, (size_t)wanted * sizeof *recorded);
    if (!recorded) fail("no memory for %d blocks", wanted);
    for (int index = 0; index < wanted; index++) recorded[index] = (struct block_time){0, 0, 0};
    capacity = wanted;
    atomic_store(&recorded_count, 0);
    mode = MARKS_TIME;
}

int recorded_blocks(struct block_time **out) {
    mode = MARKS_OFF;
    *out = recorded;
    return atomic_load(&recorded_count);
}

// Both are found by the library, as the run-time guard's are.
void fz_rt_enter(void) {
    if (mode == MARKS_COUNT) CALLGRIND_TOGGLE_COLLECT;
    if (mode != MARKS_TIME) return;
    int index = atomic_load(&recorded_count);
    if (index >= capacity) return;
    // The thread's clock is a system call: it stays outside the span.
    cpu_before = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    recorded[index].start_ns = now_ns();
}

void fz_rt_exit(void) {
    if (mode == MARKS_COUNT) CALLGRIND_TOGGLE_COLLECT;
    if (mode != MARKS_TIME) return;
    int index = atomic_load(&recorded_count);
    if (index >= capacity || recorded[index].start_ns == 0) return;
    recorded[index].end_ns = now_ns();
    recorded[index].cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_before;
    atomic_store(&recorded_count, index + 1);
}

int compare_i64(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int64_t at_share(const int64_t *sorted, int count, double share) {
    if (count == 0) fail("nothing was measured");
    int place = (int)(share * (count - 1) + 0.5);
    return sorted[place];
}
