// Rubber Band's offline time stretcher, loaded at run time: no link dependency, no header needed.
#ifndef FLOW_STRETCHLIB_H
#define FLOW_STRETCHLIB_H

#include <stdint.h>

#pragma clang assume_nonnull begin

struct flow_stretchlib;
struct flow_stretcher;

// The library this machine has; NULL without one. Looked for once.
const struct flow_stretchlib *_Nullable flow_stretchlib_installed(void);

// The library in this file, for as long as the process lives; NULL when it cannot be loaded or is
// another one.
const struct flow_stretchlib *_Nullable flow_stretchlib_open(const char *path);

// The file it was loaded from; NULL when the system does not tell.
const char *_Nullable flow_stretchlib_path(const struct flow_stretchlib *library);

// A stereo stretcher that makes `frames` frames `ratio` times as long at the same pitch; NULL
// without memory. Blocks of study and process have at most `block_frames` frames.
struct flow_stretcher *_Nullable flow_stretcher_open(const struct flow_stretchlib *library,
                                                     uint32_t rate_hz, double ratio, uint32_t frames,
                                                     uint32_t block_frames);

// All of the input goes through study first, then through process; the last block of each is marked.
void flow_stretcher_study(struct flow_stretcher *stretcher, const float *left, const float *right,
                          uint32_t frames, int is_last);
void flow_stretcher_process(struct flow_stretcher *stretcher, const float *left, const float *right,
                            uint32_t frames, int is_last);

// Takes out what is ready, at most `capacity` frames. -1 when there will be no more.
int flow_stretcher_take(struct flow_stretcher *stretcher, float *left, float *right,
                        uint32_t capacity);

void flow_stretcher_close(struct flow_stretcher *stretcher);

#pragma clang assume_nonnull end

#endif
