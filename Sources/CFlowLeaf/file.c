#define _GNU_SOURCE
#include "CFlowLeaf.h"

#include <errno.h>
#include <fcntl.h>

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
