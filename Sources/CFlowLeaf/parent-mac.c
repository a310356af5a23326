// A Mac ends no child with its parent: the child has to see to it.
#if defined(__APPLE__)
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/event.h>
#include <sys/types.h>
#include <unistd.h>

#include "hostchild.h"

// On a thread of its own: the others may be in the code of a plug-in that never comes back.
static void *end_with_parent(void *context) {
    int watch = (int)(intptr_t)context;
    struct kevent told;
    int count;
    do {
        count = kevent(watch, NULL, 0, &told, 1, NULL);
    } while (count < 0 && errno == EINTR);
    if (count == 1) kill(getpid(), SIGKILL);
    return NULL;
}

int flow_host_die_with_parent(int parent_pid) {
    int watch = kqueue();
    struct kevent change;
    pthread_t thread;
    if (watch < 0) return -errno;
    EV_SET(&change, (uintptr_t)parent_pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
    // There is none of that number any more, or another program has it by now.
    if (kevent(watch, &change, 1, NULL, 0, NULL) != 0 || getppid() != parent_pid) {
        close(watch);
        return -ESRCH;
    }
    int failure = pthread_create(&thread, NULL, end_with_parent, (void *)(intptr_t)watch);
    if (failure != 0) {
        close(watch);
        return -failure;
    }
    pthread_detach(thread);
    return 0;
}
#endif
