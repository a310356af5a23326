#include "sndfilelib.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include "library.h"

enum {
    SNDFILE_WRITE = 0x20,
    SNDFILE_FLAC = 0x170000,
    SNDFILE_PCM_24 = 0x0003,
};

// libsndfile's own record of a file's format, in its order.
struct sndfile_info {
    int64_t frames;
    int rate;
    int channels;
    int format;
    int sections;
    int seekable;
};

typedef struct sndfile sndfile;

struct sndfile_api {
    sndfile *(*open)(const char *path, int mode, struct sndfile_info *info);
    int (*format_check)(const struct sndfile_info *info);
    int64_t (*writef_int)(sndfile *file, const int *samples, int64_t frames);
    int (*close)(sndfile *file);
};

struct flow_flac {
    sndfile *file;
    int has_failed;
};

static struct sndfile_api api;
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "libsndfile.1.dylib",
        "/opt/homebrew/lib/libsndfile.1.dylib",
        "/usr/local/lib/libsndfile.1.dylib",
#else
        "libsndfile.so.1",
#endif
    };
    void *library = flow_library_open(names, FLOW_COUNT(names));
    if (!library) return;
    const struct flow_symbol table[] = {
#define ENTRY(field) {(void **)&api.field, "sf_" #field}
        ENTRY(open),
        ENTRY(format_check),
        ENTRY(writef_int),
        ENTRY(close),
#undef ENTRY
    };
    if (!flow_library_resolve(library, table, FLOW_COUNT(table))) return;
    // Built without FLAC it is of no use here.
    struct sndfile_info info = {.rate = 48000, .channels = 2};
    info.format = SNDFILE_FLAC | SNDFILE_PCM_24;
    is_loaded = api.format_check(&info) != 0;
}

int flow_flac_is_there(void) {
    pthread_once(&once, load);
    return is_loaded;
}

int flow_flac_create(const char *path, uint32_t rate, uint32_t channels, struct flow_flac **out) {
    if (!flow_flac_is_there()) return -ENOENT;
    struct flow_flac *flac = calloc(1, sizeof *flac);
    if (!flac) return -ENOMEM;
    struct sndfile_info info = {.rate = (int)rate, .channels = (int)channels};
    info.format = SNDFILE_FLAC | SNDFILE_PCM_24;
    flac->file = api.open(path, SNDFILE_WRITE, &info);
    if (!flac->file) {
        free(flac);
        return -EIO;
    }
    *out = flac;
    return 0;
}

int flow_flac_write(struct flow_flac *flac, const int32_t *samples, uint64_t frames) {
    if (api.writef_int(flac->file, samples, (int64_t)frames) == (int64_t)frames) return 0;
    flac->has_failed = 1;
    return -EIO;
}

int flow_flac_close(struct flow_flac *flac) {
    int failure = api.close(flac->file) != 0 || flac->has_failed;
    free(flac);
    return failure ? -EIO : 0;
}
