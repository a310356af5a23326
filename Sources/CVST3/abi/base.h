// What every VST3 interface rests on: results, text, ids and reference counting.
//
// Written from the published description of the binary interface; layouts are compared with the
// official headers by tests/plugins/abi-check.cpp. An object is a pointer to a pointer to its table.
#ifndef VST3_ABI_BASE_H
#define VST3_ABI_BASE_H

#include <stdint.h>

typedef int32_t v3_result;
typedef uint8_t v3_bool;
typedef uint8_t v3_id[16];
typedef uint16_t v3_char16;
typedef v3_char16 v3_string128[128];
typedef uint32_t v3_param_id;

enum {
    V3_NO_INTERFACE = -1,
    V3_OK = 0,
    V3_FALSE = 1,
    V3_INVALID_ARGUMENT = 2,
    V3_NOT_IMPLEMENTED = 3,
    V3_OUT_OF_MEMORY = 6,
};

typedef struct v3_unknown v3_unknown;

// The first three entries of every table. `self` is the object the table was reached through.
#define V3_UNKNOWN(T)                                                       \
    v3_result (*query_interface)(T *self, const v3_id id, void **object);   \
    uint32_t (*add_ref)(T *self);                                           \
    uint32_t (*release)(T *self)

typedef struct {
    V3_UNKNOWN(v3_unknown);
} v3_unknown_table;

struct v3_unknown {
    const v3_unknown_table *table;
};

typedef struct v3_stream v3_stream;

enum { V3_SEEK_SET = 0, V3_SEEK_CURRENT = 1, V3_SEEK_END = 2 };

typedef struct {
    V3_UNKNOWN(v3_stream);
    v3_result (*read)(v3_stream *self, void *buffer, int32_t bytes, int32_t *bytes_read);
    v3_result (*write)(v3_stream *self, void *buffer, int32_t bytes, int32_t *bytes_written);
    v3_result (*seek)(v3_stream *self, int64_t position, int32_t mode, int64_t *result);
    v3_result (*tell)(v3_stream *self, int64_t *position);
} v3_stream_table;

struct v3_stream {
    const v3_stream_table *table;
};

// The entries that component and controller share.
#define V3_PLUGIN_BASE(T)                                        \
    V3_UNKNOWN(T);                                               \
    v3_result (*initialize)(T *self, v3_unknown *context);       \
    v3_result (*terminate)(T *self)

#endif
