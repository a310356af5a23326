#include "attributes.h"

#include <stdlib.h>
#include <string.h>

#include "unknown.h"

typedef enum { KIND_INT, KIND_FLOAT, KIND_STRING, KIND_BINARY } kind;

typedef struct entry {
    struct entry *next;
    char *key;
    void *data;
    uint32_t bytes;
    kind kind;
} entry;

typedef struct {
    v3_attributes base;
    atomic_uint references;
    entry *first;
} attributes;

static attributes *of(v3_attributes *self) { return (attributes *)self; }

static void free_entry(entry *found) {
    free(found->key);
    free(found->data);
    free(found);
}

static entry *find(v3_attributes *self, const char *key, kind kind) {
    for (entry *at = key ? of(self)->first : NULL; at; at = at->next) {
        if (at->kind == kind && strcmp(at->key, key) == 0) return at;
    }
    return NULL;
}

static void forget(v3_attributes *self, const char *key) {
    for (entry **at = &of(self)->first; *at; at = &(*at)->next) {
        if (strcmp((*at)->key, key) != 0) continue;
        entry *found = *at;
        *at = found->next;
        free_entry(found);
        return;
    }
}

static v3_result set(v3_attributes *self, const char *key, kind kind, const void *data,
                     uint32_t bytes) {
    if (!key || (!data && bytes)) return V3_INVALID_ARGUMENT;
    entry *made = calloc(1, sizeof *made);
    if (!made) return V3_OUT_OF_MEMORY;
    made->key = strdup(key);
    made->data = malloc(bytes ? bytes : 1);
    if (!made->key || !made->data) {
        free_entry(made);
        return V3_OUT_OF_MEMORY;
    }
    if (bytes) memcpy(made->data, data, bytes);
    made->bytes = bytes;
    made->kind = kind;
    forget(self, key);
    made->next = of(self)->first;
    of(self)->first = made;
    return V3_OK;
}

static v3_result get(v3_attributes *self, const char *key, kind kind, void *value, size_t bytes) {
    entry *found = find(self, key, kind);
    if (!found || !value) return V3_FALSE;
    memcpy(value, found->data, bytes);
    return V3_OK;
}

static v3_result set_int(v3_attributes *self, const char *key, int64_t value) {
    return set(self, key, KIND_INT, &value, sizeof value);
}

static v3_result get_int(v3_attributes *self, const char *key, int64_t *value) {
    return get(self, key, KIND_INT, value, sizeof *value);
}

static v3_result set_float(v3_attributes *self, const char *key, double value) {
    return set(self, key, KIND_FLOAT, &value, sizeof value);
}

static v3_result get_float(v3_attributes *self, const char *key, double *value) {
    return get(self, key, KIND_FLOAT, value, sizeof *value);
}

static v3_result set_string(v3_attributes *self, const char *key, const v3_char16 *text) {
    if (!text) return V3_INVALID_ARGUMENT;
    uint32_t units = 0;
    while (text[units]) units++;
    return set(self, key, KIND_STRING, text, (units + 1) * (uint32_t)sizeof *text);
}

// Cut to the room that is there, with its closing zero.
static v3_result get_string(v3_attributes *self, const char *key, v3_char16 *text, uint32_t bytes) {
    entry *found = find(self, key, KIND_STRING);
    uint32_t units = bytes / (uint32_t)sizeof *text;
    if (!found || !text || units == 0) return V3_FALSE;
    uint32_t held = found->bytes / (uint32_t)sizeof *text;
    uint32_t copied = held < units ? held : units;
    memcpy(text, found->data, copied * sizeof *text);
    text[copied - 1] = 0;
    return V3_OK;
}

static v3_result set_binary(v3_attributes *self, const char *key, const void *data, uint32_t bytes) {
    return set(self, key, KIND_BINARY, data, bytes);
}

static v3_result get_binary(v3_attributes *self, const char *key, const void **data,
                            uint32_t *bytes) {
    entry *found = find(self, key, KIND_BINARY);
    if (!found || !data || !bytes) return V3_FALSE;
    *data = found->data;
    *bytes = found->bytes;
    return V3_OK;
}

static uint32_t add_ref(v3_attributes *self) {
    return atomic_fetch_add(&of(self)->references, 1) + 1;
}

static uint32_t add_ref_untyped(void *self) { return add_ref(self); }

static uint32_t release(v3_attributes *self) {
    uint32_t left = atomic_fetch_sub(&of(self)->references, 1) - 1;
    if (left > 0) return left;
    for (entry *at = of(self)->first; at;) {
        entry *next = at->next;
        free_entry(at);
        at = next;
    }
    free(self);
    return 0;
}

static v3_result query(v3_attributes *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_ATTRIBUTE_LIST, object, add_ref_untyped);
}

static const v3_attributes_table TABLE = {
    query,     add_ref,    release,    set_int,    get_int,    set_float,
    get_float, set_string, get_string, set_binary, get_binary,
};

v3_attributes *vst3_attributes_create(void) {
    attributes *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->base.table = &TABLE;
    atomic_init(&made->references, 1);
    return &made->base;
}
