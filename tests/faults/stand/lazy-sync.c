/*
 * Preloaded: one kind of sync does nothing and says that all is well. FZ_LAZY_SYNC names it: `file`
 * (audio), `folder` (names), `wal` (SQLite's commits); `none` leaves all of them, `trust` does all of
 * them and says that all is well whatever comes of it.
 *
 * A database is synced with fdatasync, as the SQLite of most systems does it. Bun's uses fsync, with
 * which ext4 also writes every name that is waiting: a folder nobody synced would never show.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { FILE_KIND, FOLDER_KIND, WAL_KIND, DATABASE_KIND, OTHER_KIND };

static int ends_with(const char *path, const char *end) {
    size_t length = strlen(path), tail = strlen(end);
    return length >= tail && strcmp(path + length - tail, end) == 0;
}

static enum kind kind_of(int fd) {
    struct stat about;
    char link[64], path[PATH_MAX];
    if (fstat(fd, &about) != 0) return OTHER_KIND;
    if (S_ISDIR(about.st_mode)) return FOLDER_KIND;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return OTHER_KIND;
    path[length] = 0;
    if (ends_with(path, "-wal")) return WAL_KIND;
    return strstr(path, ".db") != NULL ? DATABASE_KIND : FILE_KIND;
}

static int is_lazy(enum kind kind) {
    const char *name = getenv("FZ_LAZY_SYNC");
    if (name == NULL) return 0;
    return (kind == FILE_KIND && strcmp(name, "file") == 0) ||
           (kind == FOLDER_KIND && strcmp(name, "folder") == 0) ||
           (kind == WAL_KIND && strcmp(name, "wal") == 0);
}

static int call(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *lazy = getenv("FZ_LAZY_SYNC");
    int result = real(fd);
    return lazy != NULL && strcmp(lazy, "trust") == 0 ? 0 : result;
}

int fdatasync(int fd) { return is_lazy(kind_of(fd)) ? 0 : call("fdatasync", fd); }

int fsync(int fd) {
    enum kind kind = kind_of(fd);
    if (is_lazy(kind)) return 0;
    int is_database = kind == WAL_KIND || kind == DATABASE_KIND;
    return call(is_database ? "fdatasync" : "fsync", fd);
}
