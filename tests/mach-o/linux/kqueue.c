// kqueue on Linux, for one process that is watched in each queue. Stricter than a Mac's: whatever is not
// known here is refused.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { QUEUES_MAX = 64 };

// By the queue's number: the process it watches.
static int watched[QUEUES_MAX];

int kqueue(void) {
    int queue = eventfd(0, EFD_CLOEXEC);
    if (queue < QUEUES_MAX) return queue;
    close(queue);
    errno = EMFILE;
    return -1;
}

static int add(int queue, const struct kevent *change) {
    if (change->filter != EVFILT_PROC || change->flags != EV_ADD || change->fflags != NOTE_EXIT) {
        errno = EINVAL;
        return -1;
    }
    // ESRCH when there is no such process, as there.
    watched[queue] = (int)syscall(SYS_pidfd_open, (int)change->ident, 0);
    return watched[queue] < 0 ? -1 : 0;
}

int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events,
           int event_count, const struct timespec *timeout) {
    for (int index = 0; index < change_count; index++) {
        if (add(queue, &changes[index]) != 0) return -1;
    }
    if (event_count == 0) return 0;
    struct pollfd end = {watched[queue], POLLIN, 0};
    int count = poll(&end, 1, timeout ? (int)(timeout->tv_sec * 1000) : -1);
    if (count == 1) *events = (struct kevent){.filter = EVFILT_PROC, .fflags = NOTE_EXIT};
    return count;
}
