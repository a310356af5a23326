#include "state-stream.h"

#include <stdlib.h>
#include <string.h>

#include "unknown.h"

typedef struct {
    v3_stream base;
    atomic_uint references;
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    size_t position;
} stream;

static stream *of(v3_stream *self) { return (stream *)self; }

static v3_result stream_read(v3_stream *self, void *buffer, int32_t bytes, int32_t *bytes_read) {
    stream *held = of(self);
    if (bytes_read) *bytes_read = 0;
    if (bytes < 0 || (!buffer && bytes > 0)) return V3_INVALID_ARGUMENT;
    size_t left = held->position < held->count ? held->count - held->position : 0;
    size_t taken = (size_t)bytes < left ? (size_t)bytes : left;
    if (taken) memcpy(buffer, held->bytes + held->position, taken);
    held->position += taken;
    if (bytes_read) *bytes_read = (int32_t)taken;
    return V3_OK;
}

static int make_room(stream *held, size_t needed) {
    if (needed <= held->capacity) return 1;
    if (needed > VST3_STREAM_BYTES_MAX) return 0;
    size_t capacity = held->capacity ? held->capacity : 1024;
    while (capacity < needed) capacity *= 2;
    uint8_t *grown = realloc(held->bytes, capacity);
    if (!grown) return 0;
    held->bytes = grown;
    held->capacity = capacity;
    return 1;
}

static v3_result stream_write(v3_stream *self, void *buffer, int32_t bytes,
                              int32_t *bytes_written) {
    stream *held = of(self);
    if (bytes_written) *bytes_written = 0;
    if (bytes < 0 || (!buffer && bytes > 0)) return V3_INVALID_ARGUMENT;
    size_t end = held->position + (size_t)bytes;
    if (!make_room(held, end)) return V3_OUT_OF_MEMORY;
    if (held->position > held->count) {
        memset(held->bytes + held->count, 0, held->position - held->count);
    }
    if (bytes) memcpy(held->bytes + held->position, buffer, (size_t)bytes);
    held->position = end;
    if (end > held->count) held->count = end;
    if (bytes_written) *bytes_written = bytes;
    return V3_OK;
}

static v3_result stream_seek(v3_stream *self, int64_t position, int32_t mode, int64_t *result) {
    stream *held = of(self);
    int64_t base = mode == V3_SEEK_CURRENT ? (int64_t)held->position
                   : mode == V3_SEEK_END   ? (int64_t)held->count
                                           : 0;
    if (position < -base || position > VST3_STREAM_BYTES_MAX - base) return V3_INVALID_ARGUMENT;
    held->position = (size_t)(base + position);
    if (result) *result = (int64_t)held->position;
    return V3_OK;
}

static v3_result stream_tell(v3_stream *self, int64_t *position) {
    if (!position) return V3_INVALID_ARGUMENT;
    *position = (int64_t)of(self)->position;
    return V3_OK;
}

static uint32_t add_ref(v3_stream *self) { return atomic_fetch_add(&of(self)->references, 1) + 1; }

static uint32_t add_ref_untyped(void *self) { return add_ref(self); }

static uint32_t release(v3_stream *self) {
    uint32_t left = atomic_fetch_sub(&of(self)->references, 1) - 1;
    if (left > 0) return left;
    free(of(self)->bytes);
    free(self);
    return 0;
}

static v3_result query(v3_stream *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_STREAM, object, add_ref_untyped);
}

static const v3_stream_table TABLE = {
    query, add_ref, release, stream_read, stream_write, stream_seek, stream_tell,
};

v3_stream *vst3_stream_create(const void *bytes, size_t count) {
    stream *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->base.table = &TABLE;
    atomic_init(&made->references, 1);
    if (!make_room(made, count)) {
        free(made);
        return NULL;
    }
    if (count) memcpy(made->bytes, bytes, count);
    made->count = count;
    return &made->base;
}

const uint8_t *vst3_stream_bytes(v3_stream *self, size_t *count_out) {
    *count_out = of(self)->count;
    return of(self)->bytes;
}

void vst3_stream_release(v3_stream *self) { release(self); }
