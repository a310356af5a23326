#define _GNU_SOURCE
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
#else
#include <os/os_sync_wait_on_address.h>
#include <stdatomic.h>
#endif

static int map(int fd, size_t bytes, int is_writable, void **base_out) {
    int protection = PROT_READ | (is_writable ? PROT_WRITE : 0);
    void *base = mmap(NULL, bytes, protection, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) return -errno;
    *base_out = base;
    return 0;
}

#if defined(__linux__)
static int make_anonymous(size_t bytes) {
    int fd = memfd_create("flowzone-host", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    // A host that shrank it would end the engine with SIGBUS.
    if (ftruncate(fd, (off_t)bytes) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0) {
        return fd;
    }
    int failure = -errno;
    close(fd);
    return failure;
}
#else
static int make_anonymous(size_t bytes) {
    static atomic_uint count;
    char name[32];
    snprintf(name, sizeof name, "/fz-%d-%u", (int)getpid(), atomic_fetch_add(&count, 1));
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0) return -errno;
    // In this order: memory that gets its length after its name is gone was never given back by macOS.
    int failure = ftruncate(fd, (off_t)bytes) == 0 ? 0 : -errno;
    shm_unlink(name);
    if (failure == 0) return fd;
    close(fd);
    return failure;
}
#endif

int flow_segment_create(size_t bytes, void **base_out) {
    int fd = make_anonymous(bytes);
    if (fd < 0) return fd;
    int failure = map(fd, bytes, 1, base_out);
    if (failure == 0) return fd;
    close(fd);
    return failure;
}

int flow_segment_reserve(int fd, size_t offset, size_t bytes) {
#if defined(__linux__)
    return -posix_fallocate(fd, (off_t)offset, (off_t)bytes);
#else
    (void)fd;
    (void)offset;
    (void)bytes;
    return 0;
#endif
}

void flow_segment_touch(const void *base, size_t offset, size_t bytes) {
    enum { PAGE_BYTES = 4096 };
    const volatile char *first = (const volatile char *)base + offset;
    for (size_t at = 0; at < bytes; at += PAGE_BYTES) (void)first[at];
    if (bytes > 0) (void)first[bytes - 1];
}

int flow_segment_seal(int fd) {
#if defined(__linux__)
    return fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0 ? 0 : -errno;
#else
    (void)fd;
    return 0;
#endif
}

int flow_segment_map(int fd, size_t bytes, int is_writable, void **base_out) {
    struct stat info;
    if (fstat(fd, &info) != 0) return -errno;
    if (info.st_size < (off_t)bytes) return -EPROTO;
    return map(fd, bytes, is_writable, base_out);
}

void flow_segment_unmap(void *base, size_t bytes) { munmap(base, bytes); }

#if defined(__linux__)
void flow_segment_wake(void *word) { syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0); }

void flow_segment_wait(const void *word, uint32_t seen, int64_t timeout_ns) {
    struct timespec rest = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT, seen, &rest, NULL, 0);
}
#else
void flow_segment_wake(void *word) {
    os_sync_wake_by_address_any(word, 4, OS_SYNC_WAKE_BY_ADDRESS_SHARED);
}

void flow_segment_wait(const void *word, uint32_t seen, int64_t timeout_ns) {
    os_sync_wait_on_address_with_timeout((void *)word, seen, 4, OS_SYNC_WAIT_ON_ADDRESS_SHARED,
                                         OS_CLOCK_MACH_ABSOLUTE_TIME, (uint64_t)timeout_ns);
}
#endif
