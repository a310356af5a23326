#include "dropouts.h"

static void count(struct flow_dropouts *dropouts, uint64_t xruns, uint64_t frames) {
    __atomic_fetch_add(dropouts->xrun_frames, frames, __ATOMIC_RELAXED);
    __atomic_fetch_add(dropouts->xruns, xruns, __ATOMIC_RELAXED);
}

void flow_dropouts_begin(struct flow_dropouts *dropouts, uint32_t rate, uint64_t *xruns,
                         uint64_t *xrun_frames) {
    dropouts->xruns = xruns;
    dropouts->xrun_frames = xrun_frames;
    dropouts->rate = rate;
    dropouts->has_run = 0;
    dropouts->has_skipped = 0;
    __atomic_store_n(&dropouts->told, 0, __ATOMIC_RELAXED);
}

void flow_dropouts_told(struct flow_dropouts *dropouts, float late_us) {
    double frames = late_us > 0 ? (double)late_us * 1e-6 * dropouts->rate : 0;
    uint64_t late = frames < UINT32_MAX ? (uint64_t)frames : UINT32_MAX;
    uint64_t before = __atomic_load_n(&dropouts->told, __ATOMIC_RELAXED);
    uint64_t after;
    do {
        uint64_t sum = (before & UINT32_MAX) + late;
        after = (((before >> 32) + 1) << 32) | (sum < UINT32_MAX ? sum : UINT32_MAX);
    } while (!__atomic_compare_exchange_n(&dropouts->told, &before, after, 0, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
}

// Frames that the server went on without us are found at the block that follows them, so that the mark is
// where the break is: the block before it may hold what came later. The server's own word comes on
// another thread, about when it likes; it counts where no frame is missing.
void flow_dropouts_block(struct flow_dropouts *dropouts, uint32_t now, uint32_t frames) {
    uint32_t since_skip = now - dropouts->skip_frame;
    if (dropouts->has_run && now != dropouts->next_frame) {
        count(dropouts, 1, dropouts->last_frames);
        dropouts->skip_frame = now;
        dropouts->has_skipped = 1;
    } else if (dropouts->has_skipped && since_skip < dropouts->rate / 8) {
        __atomic_store_n(&dropouts->told, 0, __ATOMIC_RELAXED);
    } else {
        uint64_t told = __atomic_exchange_n(&dropouts->told, 0, __ATOMIC_RELAXED);
        if (told > 0) count(dropouts, told >> 32, told & UINT32_MAX);
        dropouts->has_skipped = 0;
    }
    dropouts->next_frame = now + frames;
    dropouts->last_frames = frames;
    dropouts->has_run = 1;
}
