#define _GNU_SOURCE
#include "stretchlib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include "library.h"

// What rubberband-c.h of versions 3 and 4 declares.
typedef struct RubberBandState_ *rubberband_state;

enum {
    option_offline = 0x00000000,
    option_threading_never = 0x00010000,
    option_engine_finer = 0x20000000,
};

struct flow_stretchlib {
    rubberband_state (*new)(unsigned rate, unsigned channels, int options, double ratio, double pitch);
    void (*delete)(rubberband_state);
    void (*set_expected_input_duration)(rubberband_state, unsigned frames);
    void (*set_max_process_size)(rubberband_state, unsigned frames);
    void (*study)(rubberband_state, const float *const *, unsigned frames, int is_last);
    void (*process)(rubberband_state, const float *const *, unsigned frames, int is_last);
    int (*available)(rubberband_state);
    unsigned (*retrieve)(rubberband_state, float *const *, unsigned frames);
};

struct flow_stretcher {
    const struct flow_stretchlib *library;
    rubberband_state state;
};

const struct flow_stretchlib *flow_stretchlib_open(const char *path) {
    void *handle = flow_library_open(&path, 1);
    if (!handle) return NULL;
    struct flow_stretchlib *library = calloc(1, sizeof *library);
    if (!library) return NULL;
    const struct flow_symbol table[] = {
#define ENTRY(field) {(void **)&library->field, "rubberband_" #field}
        ENTRY(new),
        ENTRY(delete),
        ENTRY(set_expected_input_duration),
        ENTRY(set_max_process_size),
        ENTRY(study),
        ENTRY(process),
        ENTRY(available),
        ENTRY(retrieve),
#undef ENTRY
    };
    if (!flow_library_resolve(handle, table, FLOW_COUNT(table))) {
        free(library);
        return NULL;
    }
    return library;
}

static const struct flow_stretchlib *installed;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void look(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "/opt/homebrew/lib/librubberband.dylib",
        "/usr/local/lib/librubberband.dylib",
#else
        "librubberband.so.2",
        "librubberband.so.3",
#endif
    };
    for (size_t i = 0; i < FLOW_COUNT(names) && !installed; i++) {
        installed = flow_stretchlib_open(names[i]);
    }
}

const struct flow_stretchlib *flow_stretchlib_installed(void) {
    pthread_once(&once, look);
    return installed;
}

const char *flow_stretchlib_path(const struct flow_stretchlib *library) {
    Dl_info info;
    return dladdr((void *)library->new, &info) ? info.dli_fname : NULL;
}

struct flow_stretcher *flow_stretcher_open(const struct flow_stretchlib *library, uint32_t rate_hz,
                                           double ratio, uint32_t frames, uint32_t block_frames) {
    struct flow_stretcher *stretcher = malloc(sizeof *stretcher);
    if (!stretcher) return NULL;
    // One thread: the same input then gives the same bits.
    const int options = option_offline | option_engine_finer | option_threading_never;
    stretcher->library = library;
    stretcher->state = library->new(rate_hz, 2, options, ratio, 1.0);
    if (!stretcher->state) {
        free(stretcher);
        return NULL;
    }
    library->set_expected_input_duration(stretcher->state, frames);
    library->set_max_process_size(stretcher->state, block_frames);
    return stretcher;
}

void flow_stretcher_study(struct flow_stretcher *stretcher, const float *left, const float *right,
                          uint32_t frames, int is_last) {
    const float *const sides[] = {left, right};
    stretcher->library->study(stretcher->state, sides, frames, is_last);
}

void flow_stretcher_process(struct flow_stretcher *stretcher, const float *left, const float *right,
                            uint32_t frames, int is_last) {
    const float *const sides[] = {left, right};
    stretcher->library->process(stretcher->state, sides, frames, is_last);
}

int flow_stretcher_take(struct flow_stretcher *stretcher, float *left, float *right,
                        uint32_t capacity) {
    const int ready = stretcher->library->available(stretcher->state);
    if (ready <= 0) return ready;
    float *const sides[] = {left, right};
    const unsigned frames = (unsigned)ready < capacity ? (unsigned)ready : capacity;
    return (int)stretcher->library->retrieve(stretcher->state, sides, frames);
}

void flow_stretcher_close(struct flow_stretcher *stretcher) {
    stretcher->library->delete(stretcher->state);
    free(stretcher);
}
