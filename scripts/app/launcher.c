// FlowZone.app's own program: the system asks in its name whether the microphone may be used.
//
// Starts Bun with the server that lies in the bundle, hands signals on, and ends as it ends.
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

enum { EXIT_SETUP = 6, ARGUMENTS_MAX = 64 };

extern char **environ;
static volatile pid_t child;

static void hand_on(int number) {
    if (child > 0) kill(child, number);
}

static int own_path(char *path, size_t bytes) {
#if defined(__APPLE__)
    char given[PATH_MAX];
    uint32_t size = sizeof given;
    if (bytes < PATH_MAX || _NSGetExecutablePath(given, &size) != 0) return 0;
    return realpath(given, path) != NULL;
#else
    ssize_t length = readlink("/proc/self/exe", path, bytes - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return 1;
#endif
}

// Takes `count` names off the end of a path.
static int parent(char *path, int count) {
    while (count-- > 0) {
        char *slash = strrchr(path, '/');
        if (!slash) return 0;
        *slash = 0;
    }
    return 1;
}

static int fail(const char *what) {
    fprintf(stderr, "FlowZone: %s: %s\n", what, strerror(errno));
    return EXIT_SETUP;
}

int main(int argc, char **argv) {
    char contents[PATH_MAX];
    char bun[PATH_MAX + 32];
    char home[PATH_MAX + 32];
    char *arguments[ARGUMENTS_MAX + 4] = {bun, "server/main.ts"};
    if (!own_path(contents, sizeof contents) || !parent(contents, 2)) return fail("where it lies");
    snprintf(bun, sizeof bun, "%s/Helpers/bun", contents);
    snprintf(home, sizeof home, "%s/Resources/flowzone", contents);
    if (chdir(home) != 0) return fail(home);
    for (int index = 1; index < argc && index <= ARGUMENTS_MAX; index++) {
        arguments[index + 1] = argv[index];
    }
    struct sigaction action = {.sa_handler = hand_on};
    const int handed_on[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t all, before;
    sigemptyset(&all);
    for (int index = 0; index < 3; index++) {
        sigaction(handed_on[index], &action, NULL);
        sigaddset(&all, handed_on[index]);
    }
    // A signal that comes before there is a child waits for it.
    sigprocmask(SIG_BLOCK, &all, &before);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &before);
    posix_spawnattr_setsigdefault(&attributes, &all);
    pid_t started = 0;
    errno = posix_spawn(&started, bun, NULL, &attributes, arguments, environ);
    if (errno != 0) return fail(bun);
    child = started;
    sigprocmask(SIG_SETMASK, &before, NULL);
    int status = 0;
    while (waitpid(started, &status, 0) < 0) {
        if (errno != EINTR) return fail("waiting");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
