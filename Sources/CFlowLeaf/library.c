#include "library.h"

#include <dlfcn.h>

void *flow_library_open(const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library) return library;
    }
    return NULL;
}

int flow_library_resolve(void *library, const struct flow_symbol *symbols, size_t count) {
    for (size_t i = 0; i < count; i++) {
        *symbols[i].slot = dlsym(library, symbols[i].name);
        if (!*symbols[i].slot) return 0;
    }
    return 1;
}
