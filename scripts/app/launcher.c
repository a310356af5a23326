// FlowZone.app's own program: the system asks in its name whether the microphone may be used.
//
// Starts Bun with the server that lies in the bundle, hands signals on, and ends as it ends; but one that
// died is started again.
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

enum { EXIT_ENDED = 0, EXIT_FIRST_REFUSAL = 2, EXIT_SETUP = 6, ARGUMENTS_MAX = 64 };
// The third death within a minute is the last.
enum { DEATHS_MAX = 3, DEATHS_S = 60 };

extern char **environ;
static volatile pid_t child;
static volatile sig_atomic_t is_told_to_end;

static void hand_on(int number) {
    is_told_to_end = 1;
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

// Its exit code; a signal that ended it counts as shells count it.
static int run(const char *program, char **arguments, const sigset_t *handed_on) {
    sigset_t before;
    posix_spawnattr_t attributes;
    pid_t started = 0;
    int status = 0;
    // A signal that comes before there is a child waits for it.
    sigprocmask(SIG_BLOCK, handed_on, &before);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &before);
    posix_spawnattr_setsigdefault(&attributes, handed_on);
    errno = posix_spawn(&started, program, NULL, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (errno != 0) return fail(program);
    child = started;
    sigprocmask(SIG_SETMASK, &before, NULL);
    while (waitpid(started, &status, 0) < 0) {
        if (errno != EINTR) return fail("waiting");
    }
    child = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// What it says of itself, and what it was told, is no death.
static int has_died(int code) {
    if (is_told_to_end || code == EXIT_ENDED) return 0;
    return code < EXIT_FIRST_REFUSAL || code > EXIT_SETUP;
}

// Whether this is the third within a minute.
static int dies_too_often(void) {
    static time_t deaths[DEATHS_MAX];
    static int count;
    time_t now = time(NULL);
    deaths[count++ % DEATHS_MAX] = now;
    return count >= DEATHS_MAX && now - deaths[count % DEATHS_MAX] < DEATHS_S;
}

int main(int argc, char **argv) {
    char contents[PATH_MAX];
    char bun[PATH_MAX + 32];
    char home[PATH_MAX + 32];
    // One more for `--no-open`, and one for the end.
    char *arguments[ARGUMENTS_MAX + 4] = {bun, "server/main.ts"};
    int count = 2;
    if (!own_path(contents, sizeof contents) || !parent(contents, 2)) return fail("where it lies");
    snprintf(bun, sizeof bun, "%s/Helpers/bun", contents);
    snprintf(home, sizeof home, "%s/Resources/flowzone", contents);
    if (chdir(home) != 0) return fail(home);
    for (int index = 1; index < argc && index <= ARGUMENTS_MAX; index++) {
        arguments[count++] = argv[index];
    }
    struct sigaction action = {.sa_handler = hand_on};
    const int handed_on[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t all;
    sigemptyset(&all);
    for (int index = 0; index < 3; index++) {
        sigaction(handed_on[index], &action, NULL);
        sigaddset(&all, handed_on[index]);
    }
    int code = run(bun, arguments, &all);
    // The page is open already.
    arguments[count] = "--no-open";
    while (has_died(code) && !dies_too_often()) code = run(bun, arguments, &all);
    return code;
}
