#define _GNU_SOURCE
#include "hostchild.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#else
#include <libproc.h>
#include <mach/mach_time.h>
#include <sys/event.h>
#include <sys/proc_info.h>
#endif

extern char **environ;

// Above the three that the child gets, so that placing one never closes another.
enum { FD_COUNT = 3, FD_ABOVE = 16 };

// Swift's crash report takes 0.2 s inside the dying child; death would be seen that much later.
static const char *const QUIET = "SWIFT_BACKTRACE=enable=no";

static char **quiet_environment(void) {
    size_t count = 0;
    while (environ[count]) count++;
    char **copy = calloc(count + 2, sizeof *copy);
    if (!copy) return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(environ[i], "SWIFT_BACKTRACE=", 16) != 0) copy[kept++] = environ[i];
    }
    copy[kept] = (char *)QUIET;
    return copy;
}

// Own process group, so that a Ctrl-C at the terminal is the launcher's business alone; no signal
// blocked or ignored, whatever the engine's process does with them.
static void set_attributes(posix_spawnattr_t *attributes) {
    sigset_t set;
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
#if defined(__APPLE__)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    posix_spawnattr_setflags(attributes, flags);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(attributes, &set);
    sigfillset(&set);
    posix_spawnattr_setsigdefault(attributes, &set);
    posix_spawnattr_setpgroup(attributes, 0);
}

static int spawn_with(const char *path, const char *argument, const int *raised, int *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char **environment = quiet_environment();
    if (!environment) return -ENOMEM;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < FD_COUNT; i++) {
        posix_spawn_file_actions_adddup2(&actions, raised[i], FLOW_HOST_FD_TO + i);
    }
#if defined(__linux__)
    posix_spawn_file_actions_addclosefrom_np(&actions, FLOW_HOST_FD_TO + FD_COUNT);
#elif defined(__APPLE__)
    // All others are closed there: without these the child's first file would be its standard output.
    for (int fd = 0; fd < FLOW_HOST_FD_TO; fd++) {
        posix_spawn_file_actions_addinherit_np(&actions, fd);
    }
#endif
    set_attributes(&attributes);
    char *const argv[] = {(char *)path, (char *)argument, NULL};
    int failure = posix_spawn(pid, path, &actions, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return -failure;
}

static int open_watch(int pid) {
#if defined(__linux__)
    int watch = (int)syscall(SYS_pidfd_open, pid, 0);
    return watch < 0 ? -errno : watch;
#else
    int watch = kqueue();
    struct kevent change;
    if (watch < 0) return -errno;
    EV_SET(&change, pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
    if (kevent(watch, &change, 1, NULL, 0, NULL) == 0) return watch;
    // It has ended already, which nobody tells any more: the watch is rung by hand.
    struct kevent bell[2];
    EV_SET(&bell[0], 1, EVFILT_USER, EV_ADD, 0, 0, NULL);
    EV_SET(&bell[1], 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
    kevent(watch, bell, 2, NULL, 0, NULL);
    return watch;
#endif
}

int flow_child_spawn(const char *path, const char *argument, const int *fds,
                     struct flow_child *out) {
    int raised[FD_COUNT] = {-1, -1, -1};
    int failure = 0;
    for (int i = 0; i < FD_COUNT && failure == 0; i++) {
        raised[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, FD_ABOVE);
        if (raised[i] < 0) failure = -errno;
    }
    if (failure == 0) failure = spawn_with(path, argument, raised, &out->pid);
    for (int i = 0; i < FD_COUNT; i++) {
        if (raised[i] >= 0) close(raised[i]);
    }
    if (failure) return failure;
    out->watch = open_watch(out->pid);
    if (out->watch >= 0) return 0;
    failure = out->watch;
    flow_child_kill(out);
    flow_child_reap(out);
    return failure;
}

// A kqueue can be polled like any other descriptor.
int flow_child_wait(const struct flow_child *child, int wake_fd, int timeout_ms) {
    struct pollfd fds[2] = {{child->watch, POLLIN, 0}, {wake_fd, POLLIN, 0}};
    int count = poll(fds, 2, timeout_ms);
    if (count <= 0) return FLOW_CHILD_TIMEOUT;
    return fds[0].revents ? FLOW_CHILD_ENDED : FLOW_CHILD_WOKEN;
}

// Its group too: what a plug-in forked is in it. Until the child is reaped nobody else can have that number.
// Of a child that never was the number is 0: that would be our own group.
void flow_child_kill(const struct flow_child *child) {
    if (child->pid <= 0) return;
    kill(-child->pid, SIGKILL);
    kill(child->pid, SIGKILL);
}

int flow_child_was_killed(const struct flow_child *child, int wait_ms) {
    siginfo_t end = {0};
    // No descriptor wakes it: one below zero is left out.
    if (flow_child_wait(child, -1, wait_ms) != FLOW_CHILD_ENDED) return 0;
    if (waitid(P_PID, (id_t)child->pid, &end, WEXITED | WNOHANG | WNOWAIT) != 0) return 0;
    return end.si_pid == child->pid && end.si_code == CLD_KILLED && end.si_status == SIGKILL;
}

void flow_child_reap(struct flow_child *child) {
    int status;
    if (child->pid <= 0) return;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (child->watch >= 0) close(child->watch);
    child->watch = -1;
}

#if defined(__linux__)
// The numbers behind the name in `stat`, which may hold blanks and brackets itself.
static int read_stat(int pid, struct flow_child_usage *out) {
    char path[32];
    char line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file) return -errno;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    const char *rest = strrchr(line, ')');
    unsigned long long user = 0, system = 0, mapped = 0;
    long long resident = 0;
    const char *format = ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu "
                         "%*d %*d %*d %*d %*d %*d %*u %llu %lld";
    if (!rest || sscanf(rest, format, &user, &system, &mapped, &resident) != 4) return -EPROTO;
    out->cpu_ms = (user + system) * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK);
    out->mapped_bytes = mapped;
    out->resident_bytes = (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
    return 0;
}

int flow_child_measure(const struct flow_child *child, struct flow_child_usage *out) {
    memset(out, 0, sizeof *out);
    return read_stat(child->pid, out);
}

int flow_child_limit(const struct flow_child *child, uint64_t mapped_bytes) {
    struct rlimit limit = {mapped_bytes, RLIM_INFINITY};
    return prlimit(child->pid, RLIMIT_AS, &limit, NULL) == 0 ? 0 : -errno;
}
#else
int flow_child_measure(const struct flow_child *child, struct flow_child_usage *out) {
    memset(out, 0, sizeof *out);
    struct proc_taskinfo info;
    int size = proc_pidinfo(child->pid, PROC_PIDTASKINFO, 0, &info, sizeof info);
    if (size != (int)sizeof info) return -ESRCH;
    mach_timebase_info_data_t base;
    mach_timebase_info(&base);
    uint64_t ticks = info.pti_total_user + info.pti_total_system;
    out->cpu_ms = ticks * base.numer / base.denom / 1000000;
    out->mapped_bytes = info.pti_virtual_size;
    out->resident_bytes = info.pti_resident_size;
    return 0;
}

int flow_child_limit(const struct flow_child *child, uint64_t mapped_bytes) {
    (void)child;
    (void)mapped_bytes;
    return 0;
}
#endif

int flow_control_pair(int *fds) {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) return -errno;
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
#if defined(__APPLE__)
    // Elsewhere each call says so: whoever writes to a dead one gets an error, not the end.
    for (int end = 0; end < 2; end++) {
        int on = 1;
        setsockopt(fds[end], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    }
#endif
    return 0;
}

#if defined(__linux__)
int flow_host_die_with_parent(int parent_pid) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return -errno;
    return getppid() == parent_pid ? 0 : -ESRCH;
}
#endif

int flow_host_thread_real_time(int is_aside) {
    struct sched_param param = {.sched_priority = is_aside ? 40 : 50};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0;
}
