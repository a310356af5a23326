#define _GNU_SOURCE
#include "CFlowLeaf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Has every page there before the audio thread comes: only Linux maps them all at once. What is in them
// stays; anonymous ones come with their first write.
static void touch(void *base, size_t bytes, int is_anonymous) {
#if defined(__linux__)
    (void)base;
    (void)bytes;
    (void)is_anonymous;
#else
    size_t page = (size_t)getpagesize();
    for (size_t at = 0; at < bytes; at += page) {
        volatile char *byte = (volatile char *)base + at;
        char seen = *byte;
        if (is_anonymous) *byte = seen;
    }
#endif
}

static int map_shared(int fd, size_t bytes, struct flow_shared *out) {
    int flags = MAP_SHARED;
#if defined(__linux__)
    flags |= MAP_POPULATE;
#endif
    void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (base == MAP_FAILED) {
        int failure = -errno;
        close(fd);
        return failure;
    }
    touch(base, bytes, 0);
    out->base = base;
    out->bytes = bytes;
    out->fd = fd;
    return 0;
}

int flow_shared_open(const char *name, struct flow_shared *out) {
    int fd = shm_open(name, O_RDWR, 0600);
    if (fd < 0) return -errno;
    struct stat info;
    if (fstat(fd, &info) != 0 || info.st_size <= 0) {
        close(fd);
        return -EINVAL;
    }
    return map_shared(fd, (size_t)info.st_size, out);
}

int flow_shared_create(const char *name, size_t bytes, struct flow_shared *out) {
    shm_unlink(name);
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0) return -errno;
    int failure = 0;
    if (ftruncate(fd, (off_t)bytes) != 0) failure = -errno;
#if defined(__linux__)
    if (failure == 0) failure = -posix_fallocate(fd, 0, (off_t)bytes);
#endif
    if (failure == 0) return map_shared(fd, bytes, out);
    close(fd);
    shm_unlink(name);
    return failure;
}

void flow_shared_close(struct flow_shared *shared) {
    if (shared->base) munmap(shared->base, shared->bytes);
    if (shared->fd >= 0) close(shared->fd);
    shared->base = NULL;
    shared->fd = -1;
}

int flow_shared_unlink(const char *name) { return shm_unlink(name) == 0 ? 0 : -errno; }

static int map_anonymous(size_t bytes, int more, struct flow_shared *out) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | more;
    void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (base == MAP_FAILED) return -errno;
    out->base = base;
    out->bytes = bytes;
    out->fd = -1;
    return 0;
}

int flow_anonymous_create(size_t bytes, struct flow_shared *out) {
#if defined(__linux__)
    return map_anonymous(bytes, MAP_POPULATE, out);
#else
    int failure = map_anonymous(bytes, 0, out);
    if (failure == 0) touch(out->base, bytes, 1);
    return failure;
#endif
}

int flow_reserved_create(size_t bytes, struct flow_shared *out) {
    return map_anonymous(bytes, 0, out);
}
