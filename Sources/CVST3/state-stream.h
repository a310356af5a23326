// A stream in memory that plug-ins read their state from and write it to.
#ifndef VST3_STATE_STREAM_H
#define VST3_STATE_STREAM_H

#include <stddef.h>

#include "abi/base.h"

// A state larger than this is refused while it is written.
enum { VST3_STREAM_BYTES_MAX = 64 << 20 };

// A stream with one reference over a copy of `bytes`, at its start; NULL without memory.
v3_stream *vst3_stream_create(const void *bytes, size_t count);

// What the stream holds; valid until it is written to or released.
const uint8_t *vst3_stream_bytes(v3_stream *stream, size_t *count_out);

// Gives the reference back.
void vst3_stream_release(v3_stream *stream);

#endif
