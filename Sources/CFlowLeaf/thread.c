#define _GNU_SOURCE
#include "CFlowLeaf.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#if defined(__linux__)
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

int64_t flow_monotonic_ns(void) {
#if defined(__APPLE__)
    // CLOCK_MONOTONIC goes on while a Mac sleeps: a night of blocks would be made up for at once.
    return (int64_t)clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#endif
}

void flow_sleep_until(int64_t deadline_ns) {
#if defined(__linux__)
    struct timespec until = {deadline_ns / 1000000000, deadline_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
#else
    int64_t left = deadline_ns - flow_monotonic_ns();
    if (left <= 0) return;
    struct timespec rest = {left / 1000000000, left % 1000000000};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
#endif
}

int flow_thread_real_time(void) {
    // Above ordinary threads, below the kernel's own and below a sound server's.
    struct sched_param param = {.sched_priority = 60};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0;
}

#if defined(__linux__)
int32_t flow_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

int flow_thread_is_real_time(int32_t thread) {
    int policy = sched_getscheduler(thread);
    if (policy < 0) return 0;
    policy &= ~SCHED_RESET_ON_FORK;
    return policy == SCHED_FIFO || policy == SCHED_RR;
}
#else
int32_t flow_thread_id(void) { return (int32_t)pthread_mach_thread_np(pthread_self()); }

int flow_thread_is_real_time(int32_t thread) {
    pthread_t found = pthread_from_mach_thread_np((mach_port_t)thread);
    struct sched_param param;
    int policy = SCHED_OTHER;
    if (!found || pthread_getschedparam(found, &policy, &param) != 0) return 0;
    return policy == SCHED_FIFO || policy == SCHED_RR;
}
#endif

void flow_thread_low_priority(void) {
#if defined(__linux__)
    // On Linux the nice value belongs to the thread.
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
#elif defined(__APPLE__)
    pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, 0);
#endif
}

uint64_t flow_denormals_off(void) {
#if defined(__x86_64__)
    unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040);
    return mode;
#elif defined(__aarch64__)
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" ::"r"(mode | (1ull << 24)));
    return mode;
#else
    return 0;
#endif
}

void flow_denormals_restore(uint64_t mode) {
#if defined(__x86_64__)
    _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" ::"r"(mode));
#else
    (void)mode;
#endif
}

int flow_cpu_is_v3(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi2");
#else
    return 0;
#endif
}

void flow_thread_name(const char *name) {
#if defined(__linux__)
    char kept[16];
    strncpy(kept, name, sizeof kept - 1);
    kept[sizeof kept - 1] = 0;
    pthread_setname_np(pthread_self(), kept);
#else
    pthread_setname_np(name);
#endif
}

#if defined(__linux__)
// Defined by the guard library of the tests, when it is preloaded.
extern void fz_rt_enter(void) __attribute__((weak));
extern void fz_rt_exit(void) __attribute__((weak));

void flow_rt_enter(void) {
    if (fz_rt_enter) fz_rt_enter();
}

void flow_rt_exit(void) {
    if (fz_rt_exit) fz_rt_exit();
}
#else
void flow_rt_enter(void) {}
void flow_rt_exit(void) {}
#endif

double flow_sin(double x) { return sin(x); }
