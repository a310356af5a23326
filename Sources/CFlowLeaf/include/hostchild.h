// A child process that the engine watches, and what the child does to die with its parent.
#ifndef FLOW_HOSTCHILD_H
#define FLOW_HOSTCHILD_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// The child finds these descriptors open, and no others but 0, 1 and 2.
enum {
    FLOW_HOST_FD_TO = 3,
    FLOW_HOST_FD_FROM = 4,
    FLOW_HOST_FD_CONTROL = 5,
};

struct flow_child {
    int pid;
    // Becomes readable when the child has ended, even if others keep its pipes open.
    int watch;
};

enum { FLOW_CHILD_TIMEOUT = 0, FLOW_CHILD_ENDED = 1, FLOW_CHILD_WOKEN = 2 };

// Starts `path` with the argument `argument` and the three descriptors. The child dies when the
// calling *thread* ends: call it on a thread that lives as long as the child is wanted. -errno.
int flow_child_spawn(const char *path, const char *argument, const int *_Nonnull fds,
                     struct flow_child *out);

// Waits for the child's end, for a byte in `wake_fd`, or for the time; one of FLOW_CHILD_*.
int flow_child_wait(const struct flow_child *child, int wake_fd, int timeout_ms);

// Ends it and all processes of its group at once. Harmless when it has ended, or never began.
void flow_child_kill(const struct flow_child *child);

// Whether SIGKILL ended it; waits for its end for so long, and the child stays on the system's list.
int flow_child_was_killed(const struct flow_child *child, int wait_ms);

// Takes the ended child off the system's list and closes the watch.
void flow_child_reap(struct flow_child *child);

struct flow_child_usage {
    uint64_t resident_bytes;
    // All that it has mapped, also without memory behind it.
    uint64_t mapped_bytes;
    // Processor time of all its threads.
    uint64_t cpu_ms;
};

// What a child takes of the machine; zeros when it has ended. 0 or -errno.
int flow_child_measure(const struct flow_child *child, struct flow_child_usage *out);

// What it maps beyond so many bytes is refused to it. Linux; elsewhere nothing happens. 0 or -errno.
int flow_child_limit(const struct flow_child *child, uint64_t mapped_bytes);

// Two connected sockets, close-on-exec. 0 or -errno.
int flow_control_pair(int *_Nonnull fds);

// In the child: die with the parent `parent_pid`, whatever its threads do. 0, or -ESRCH when that one is
// already gone.
int flow_host_die_with_parent(int parent_pid);

// In the child: real-time scheduling below the engine's, and of a host that nobody hears as it plays
// below that of the others. 1 when it was given.
int flow_host_thread_real_time(int is_aside);

#pragma clang assume_nonnull end

#endif
