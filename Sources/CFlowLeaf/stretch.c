#include "stretchlib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// What rubberband-c.h of versions 3 and 4 declares.
typedef struct RubberBandState_ *rubberband_state;

enum {
    option_offline = 0x00000000,
    option_threading_never = 0x00010000,
    option_engine_finer = 0x20000000,
};

static struct {
    rubberband_state (*new)(unsigned rate, unsigned channels, int options, double ratio, double pitch);
    void (*delete)(rubberband_state);
    void (*set_expected_input_duration)(rubberband_state, unsigned frames);
    void (*set_max_process_size)(rubberband_state, unsigned frames);
    void (*study)(rubberband_state, const float *const *, unsigned frames, int is_last);
    void (*process)(rubberband_state, const float *const *, unsigned frames, int is_last);
    int (*available)(rubberband_state);
    unsigned (*retrieve)(rubberband_state, float *const *, unsigned frames);
} api;

static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *open_library(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "/opt/homebrew/lib/librubberband.dylib",
        "/usr/local/lib/librubberband.dylib",
#else
        "librubberband.so.2",
        "librubberband.so.3",
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library) return library;
    }
    return NULL;
}

static void load(void) {
    void *library = open_library();
    if (!library) return;
    const struct {
        void **slot;
        const char *name;
    } table[] = {
#define ENTRY(field) {(void **)&api.field, "rubberband_" #field}
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
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        *table[i].slot = dlsym(library, table[i].name);
        if (!*table[i].slot) return;
    }
    is_loaded = 1;
}

int flow_stretcher_is_here(void) {
    pthread_once(&once, load);
    return is_loaded;
}

// The handle is the library's own.
static rubberband_state state_of(struct flow_stretcher *stretcher) {
    return (rubberband_state)stretcher;
}

struct flow_stretcher *flow_stretcher_open(uint32_t rate_hz, double ratio, uint32_t frames,
                                           uint32_t block_frames) {
    if (!flow_stretcher_is_here()) return NULL;
    // One thread: the same input then gives the same bits.
    const int options = option_offline | option_engine_finer | option_threading_never;
    rubberband_state state = api.new(rate_hz, 2, options, ratio, 1.0);
    if (!state) return NULL;
    api.set_expected_input_duration(state, frames);
    api.set_max_process_size(state, block_frames);
    return (struct flow_stretcher *)state;
}

void flow_stretcher_study(struct flow_stretcher *stretcher, const float *left, const float *right,
                          uint32_t frames, int is_last) {
    const float *const sides[] = {left, right};
    api.study(state_of(stretcher), sides, frames, is_last);
}

void flow_stretcher_process(struct flow_stretcher *stretcher, const float *left, const float *right,
                            uint32_t frames, int is_last) {
    const float *const sides[] = {left, right};
    api.process(state_of(stretcher), sides, frames, is_last);
}

int flow_stretcher_take(struct flow_stretcher *stretcher, float *left, float *right,
                        uint32_t capacity) {
    const int ready = api.available(state_of(stretcher));
    if (ready <= 0) return ready;
    float *const sides[] = {left, right};
    const unsigned frames = (unsigned)ready < capacity ? (unsigned)ready : capacity;
    return (int)api.retrieve(state_of(stretcher), sides, frames);
}

void flow_stretcher_close(struct flow_stretcher *stretcher) { api.delete(state_of(stretcher)); }
