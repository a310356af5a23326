#define _GNU_SOURCE
#include "CFlowLeaf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int flow_file_reserve(int fd, int64_t bytes) {
#if defined(__APPLE__)
    fstore_t store = {.fst_flags = F_ALLOCATEALL,
                      .fst_posmode = F_PEOFPOSMODE,
                      .fst_offset = 0,
                      .fst_length = bytes};
    return fcntl(fd, F_PREALLOCATE, &store) == 0 ? 0 : -errno;
#else
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, bytes) == 0 ? 0 : -errno;
#endif
}

/// What a file system may need beside the bytes of a file.
#define OWN_BYTES 65536

int flow_file_release(int fd) {
    struct stat now;
    if (fstat(fd, &now) != 0) return -errno;
    if ((int64_t)now.st_blocks * 512 - (int64_t)now.st_size < OWN_BYTES) return 0;
    if (ftruncate(fd, now.st_size) != 0) return -errno;
#if defined(__APPLE__)
    struct timespec times[2] = {now.st_atimespec, now.st_mtimespec};
#else
    struct timespec times[2] = {now.st_atim, now.st_mtim};
#endif
    return futimens(fd, times) == 0 ? 0 : -errno;
}
