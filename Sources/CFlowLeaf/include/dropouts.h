// Finds the dropouts of a server that calls us block by block: by the frame time of each block, and by what the
// server says of them on another thread.
#ifndef FLOW_DROPOUTS_H
#define FLOW_DROPOUTS_H

#include <stdint.h>

struct flow_dropouts {
    // Raised by the audio thread: dropouts, and frames before the block at hand which they may have damaged.
    uint64_t *_Nullable xruns;
    uint64_t *_Nullable xrun_frames;
    uint32_t rate;
    // Of the audio thread alone: which frame the next block begins with if none is left out, how long the
    // last one was, and since when what the server tells of a dropout is no news.
    uint32_t next_frame;
    uint32_t last_frames;
    uint32_t skip_frame;
    int has_run;
    int has_skipped;
    // What the server told since the last block: how often, in the upper half, and by how many frames it was
    // late.
    uint64_t told;
};

// The next block is the first one.
void flow_dropouts_begin(struct flow_dropouts *_Nonnull dropouts, uint32_t rate,
                         uint64_t *_Nonnull xruns, uint64_t *_Nonnull xrun_frames);

// The server tells of one, and of how late it was, as far as it knows. Any thread.
void flow_dropouts_told(struct flow_dropouts *_Nonnull dropouts, float late_us);

// A block of `frames` begins at `now`. Audio thread.
void flow_dropouts_block(struct flow_dropouts *_Nonnull dropouts, uint32_t now, uint32_t frames);

#endif
