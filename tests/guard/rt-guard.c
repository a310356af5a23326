// Watches the audio thread of the engine or of a plug-in host: preloaded, it counts every call between fz_rt_enter and fz_rt_exit that
// could allocate, lock, wait or enter the kernel. The one call allowed there is a futex wake.
//
//   FZ_GUARD_REPORT=file   writes the report as JSON at exit, and when fz_guard_write() is called
//   FZ_GUARD_PLANT=n       allocates inside the n-th guarded block: no hit then = broken
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FRAMES_MAX 24
static __thread int depth __attribute__((tls_model("initial-exec")));
static _Atomic unsigned long blocks, outside, inside, hits, wakes;
static const char *_Atomic first_name;
static void *first_frames[FRAMES_MAX];
static int first_frame_count;
static unsigned long plant_at;
static void *volatile planted; // else the compiler leaves the pair out

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void seen(const char *name, int is_allowed) {
    if (!depth) {
        atomic_fetch_add_explicit(&outside, 1, memory_order_relaxed);
        return;
    }
    atomic_fetch_add(&inside, 1);
    if (is_allowed) return;
    atomic_fetch_add(&hits, 1);
    const char *none = NULL;
    if (!atomic_compare_exchange_strong(&first_name, &none, name)) return;
    int kept = depth;
    depth = 0;
    first_frame_count = backtrace(first_frames, FRAMES_MAX);
    depth = kept;
}

void fz_rt_enter(void) {
    unsigned long block = atomic_fetch_add(&blocks, 1) + 1;
    depth++;
    if (block == plant_at) free((planted = malloc(block)));
}

void fz_rt_exit(void) { depth--; }

void *malloc(size_t bytes) { return seen("malloc", 0), __libc_malloc(bytes); }
void *calloc(size_t n, size_t bytes) { return seen("calloc", 0), __libc_calloc(n, bytes); }
void *realloc(void *p, size_t bytes) { return seen("realloc", 0), __libc_realloc(p, bytes); }
void *aligned_alloc(size_t a, size_t bytes) {
    return seen("aligned_alloc", 0), __libc_memalign(a, bytes);
}
void *memalign(size_t a, size_t bytes) { return seen("memalign", 0), __libc_memalign(a, bytes); }
void free(void *p) {
    if (p) seen("free", 0), __libc_free(p);
}
int posix_memalign(void **out, size_t a, size_t bytes) {
    seen("posix_memalign", 0);
    *out = __libc_memalign(a, bytes);
    return *out ? 0 : 12;
}

#define WATCH(type, name, params, args)                    \
    type name params {                                     \
        static type(*_Atomic next) params;                 \
        seen(#name, 0);                                    \
        if (!next) next = dlsym(RTLD_NEXT, #name);         \
        return next args;                                  \
    }
WATCH(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
WATCH(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
WATCH(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
WATCH(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m))
WATCH(int, pthread_cond_timedwait,
      (pthread_cond_t * c, pthread_mutex_t *m, const struct timespec *t), (c, m, t))
WATCH(int, sem_wait, (sem_t * s), (s))
WATCH(int, sem_timedwait, (sem_t * s, const struct timespec *t), (s, t))
WATCH(int, nanosleep, (const struct timespec *t, struct timespec *rest), (t, rest))
WATCH(int, clock_nanosleep,
      (clockid_t c, int f, const struct timespec *t, struct timespec *rest), (c, f, t, rest))
WATCH(int, usleep, (useconds_t us), (us))
WATCH(int, sched_yield, (void), ())
WATCH(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
WATCH(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
WATCH(int, fsync, (int fd), (fd))

long syscall(long number, ...) {
    static long (*_Atomic next)(long, ...);
    va_list list;
    va_start(list, number);
    long a[6];
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    int is_wake = number == SYS_futex && (a[1] & FUTEX_CMD_MASK) == FUTEX_WAKE;
    if (is_wake && depth) atomic_fetch_add(&wakes, 1);
    seen("syscall", is_wake);
    if (!next) next = dlsym(RTLD_NEXT, "syscall");
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int fz_guard_write(void) {
    const char *path = getenv("FZ_GUARD_REPORT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return -1;
    const char *name = atomic_load(&first_name);
    fprintf(file,
            "{\"blocks\":%lu,\"outside\":%lu,\"inside\":%lu,\"hits\":%lu,\"wakes\":%lu,"
            "\"first\":\"%s\",\"frames\":[",
            blocks, outside, inside, hits, wakes, name ? name : "");
    for (int i = 0; i < first_frame_count; i++) {
        Dl_info where = {0};
        dladdr(first_frames[i], &where);
        fprintf(file, "%s\"%s\"", i ? "," : "", where.dli_sname ? where.dli_sname : "?");
    }
    fprintf(file, "]}\n");
    return fclose(file);
}

__attribute__((constructor)) static void begin(void) {
    void *frames[2];
    backtrace(frames, 2); // loads what it needs now, not inside a block
    const char *plant = getenv("FZ_GUARD_PLANT");
    if (plant) plant_at = strtoul(plant, NULL, 10);
}

__attribute__((destructor)) static void end(void) { fz_guard_write(); }

// A plug-in host ends so: no destructor runs.
void _exit(int code) {
    fz_guard_write();
    for (;;) syscall(SYS_exit_group, code);
}
