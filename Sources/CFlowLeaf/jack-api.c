#include "jack.h"

#include <pthread.h>

#include "library.h"

static struct jack_api api;
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void be_silent(const char *message) { (void)message; }

static void load(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "libjack.0.dylib",
        "/opt/homebrew/lib/libjack.0.dylib",
        "/usr/local/lib/libjack.0.dylib",
#else
        "libjack.so.0",
#endif
    };
    void *library = flow_library_open(names, FLOW_COUNT(names));
    if (!library) return;
    const struct flow_symbol table[] = {
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
        ENTRY(client_thread_id),
        ENTRY(on_info_shutdown),
        ENTRY(get_xrun_delayed_usecs),
        ENTRY(last_frame_time),
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
    if (!flow_library_resolve(library, table, FLOW_COUNT(table))) return;
    // libjack writes to the terminal on its own account; what matters comes back as a code.
    api.set_error_function(be_silent);
    api.set_info_function(be_silent);
    is_loaded = 1;
}

const struct jack_api *flow_jack_api(void) {
    pthread_once(&once, load);
    return is_loaded ? &api : NULL;
}
