// Exit code 0 when a child whose threads are all stuck ends with its parent, by parent-mac.c.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostchild.h"

enum { WAIT_MS = 20000 };

// Says whether it is bound, by one byte; then it hears nothing any more.
static void child(int out) {
    sigset_t all;
    char is_bound = flow_host_die_with_parent(getppid()) == 0;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    if (write(out, &is_bound, 1) != 1) _exit(1);
    for (;;) pause();
}

int main(void) {
    int pipe_of_child[2], gone;
    char is_bound = 0;
    struct pollfd end;
    if (pipe(pipe_of_child) != 0) return 2;
    pid_t parent = fork();
    if (parent == 0) {
        if (fork() == 0) child(pipe_of_child[1]);
        close(pipe_of_child[1]);
        for (;;) pause();
    }
    close(pipe_of_child[1]);
    if (read(pipe_of_child[0], &is_bound, 1) != 1 || !is_bound) return 3;
    end = (struct pollfd){pipe_of_child[0], POLLIN, 0};
    if (poll(&end, 1, 0) != 0) return 4;
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    // The child alone still held the pipe.
    if (poll(&end, 1, WAIT_MS) != 1 || read(pipe_of_child[0], &is_bound, 1) != 0) return 5;
    // That one is gone, and was never the parent of this.
    gone = flow_host_die_with_parent(parent);
    return gone == -ESRCH ? 0 : 6;
}
