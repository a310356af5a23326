// Libraries that may be missing: opened at run time, their functions found by name.
#ifndef FLOW_LIBRARY_H
#define FLOW_LIBRARY_H

#include <stddef.h>

// Where a function's address goes, and what it is called.
struct flow_symbol {
    void **slot;
    const char *name;
};

#define FLOW_COUNT(array) (sizeof(array) / sizeof *(array))

// The first of these files that can be opened, or NULL. It is never closed.
void *flow_library_open(const char *const *names, size_t count);

// Fills every slot; 0 when a function is missing.
int flow_library_resolve(void *library, const struct flow_symbol *symbols, size_t count);

#endif
