#include "jack.h"

#include <dlfcn.h>
#include <pthread.h>

static struct jack_api api;
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void be_silent(const char *message) { (void)message; }

static void *open_library(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "libjack.0.dylib",
        "/opt/homebrew/lib/libjack.0.dylib",
        "/usr/local/lib/libjack.0.dylib",
#else
        "libjack.so.0",
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
#define ENTRY(field) {(void **)&api.field, "jack_" #field}
        ENTRY(client_open),
        ENTRY(client_close),
        ENTRY(activate),
        ENTRY(deactivate),
        ENTRY(get_sample_rate),
        ENTRY(get_buffer_size),
        ENTRY(set_process_callback),
        ENTRY(set_buffer_size_callback),
        ENTRY(set_xrun_callback),
        ENTRY(set_thread_init_callback),
        ENTRY(on_info_shutdown),
        ENTRY(get_xrun_delayed_usecs),
        ENTRY(port_register),
        ENTRY(port_get_buffer),
        ENTRY(port_name),
        ENTRY(port_by_name),
        ENTRY(port_get_aliases),
        ENTRY(port_get_latency_range),
        ENTRY(get_ports),
        ENTRY(connect),
        ENTRY(free),
        ENTRY(set_error_function),
        ENTRY(set_info_function),
#undef ENTRY
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        *table[i].slot = dlsym(library, table[i].name);
        if (!*table[i].slot) return;
    }
    // libjack writes to the terminal on its own account; what matters comes back as a code.
    api.set_error_function(be_silent);
    api.set_info_function(be_silent);
    is_loaded = 1;
}

const struct jack_api *flow_jack_api(void) {
    pthread_once(&once, load);
    return is_loaded ? &api : NULL;
}
