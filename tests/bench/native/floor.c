#include "floor.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"

typedef float floats __attribute__((vector_size(32), aligned(4)));

static inline floats load(const float *from) {
    floats value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline void store(float *to, floats value) { memcpy(to, &value, sizeof value); }

// One stretch without a wrap; `gain` holds the gains of four frames and moves by `move` in four.
static inline floats add(const float *from, float *bus, int64_t frames, floats gain, floats move) {
    floats second = gain + move, twice = move + move;
    const float *end = bus + 2 * frames;
#if defined(__clang__)
#pragma clang loop unroll_count(4)
#endif
    for (; bus < end; bus += 16, from += 16) {
        store(bus, load(bus) + load(from) * gain);
        store(bus + 8, load(bus + 8) + load(from + 8) * second);
        gain += twice;
        second += twice;
    }
    return gain;
}

// A block in which the loop begins anew, frame by frame.
static __attribute__((noinline)) void add_round(struct floor_loop *loop, float *bus, int frames,
                                                float gain, float each) {
    for (int index = 0; index < frames; index++) {
        gain += each;
        bus[2 * index] += loop->samples[2 * loop->position] * gain;
        bus[2 * index + 1] += loop->samples[2 * loop->position + 1] * gain;
        if (++loop->position == loop->frames) loop->position = 0;
    }
}

void floor_mix(struct floor_loop *loops, int count, float *bus, int frames) {
    const floats steps = {1, 1, 2, 2, 3, 3, 4, 4};
    float share = 1 / (float)frames;
    memset(bus, 0, 8 * (size_t)frames);
    for (struct floor_loop *loop = loops; loop < loops + count; loop++) {
        float from = loop->left, each = (loop->target - from) * share;
        loop->left = loop->target;
        loop->target = from;
        if (loop->frames - loop->position <= frames) {
            add_round(loop, bus, frames, from, each);
            continue;
        }
        add(loop->samples + 2 * loop->position, bus, frames, from + each * steps,
            (floats){0} + each * 4);
        loop->position += frames;
    }
}

// Plain C as a careful hand writes it: Hermite form, both sides of a frame, no call.
void floor_repitch(struct floor_loop *loops, int count, float *bus, int frames, double ratio) {
    memset(bus, 0, 8 * (size_t)frames);
    for (int index = 0; index < count; index++) {
        struct floor_loop *loop = loops + index;
        double place = loop->place;
        float gain = loop->left;
        for (int frame = 0; frame < frames; frame++) {
            int at = (int)place;
            float part = (float)(place - at);
            const float *y = loop->samples + 2 * at;
            for (int side = 0; side < 2; side++) {
                float a = y[side], b = y[2 + side], c = y[4 + side], d = y[6 + side];
                float slope = 0.5f * (c - a);
                float bend = a - 2.5f * b + 2 * c - 0.5f * d;
                float twist = 0.5f * (d - a) + 1.5f * (b - c);
                float sound = ((twist * part + bend) * part + slope) * part + b;
                bus[2 * frame + side] += sound * gain;
            }
            place += ratio;
            if (place >= loop->frames - 4) place -= loop->frames - 4;
        }
        loop->place = place;
    }
}

struct floor_loop *make_floor(int count, int frames) {
    struct floor_loop *loops = calloc((size_t)count, sizeof *loops);
    if (!loops) fail("no memory");
    for (int index = 0; index < count; index++) {
        float *samples = malloc(8 * (size_t)frames);
        if (!samples) fail("no memory for %d loops", count);
        for (int64_t frame = 0; frame < frames; frame++) {
            samples[2 * frame] = noise_at(frame, 0, (uint64_t)index);
            samples[2 * frame + 1] = noise_at(frame, 1, (uint64_t)index);
        }
        // As the engine's loops do, each stands somewhere else.
        int start = (int)((int64_t)frames * index / count);
        loops[index] = (struct floor_loop){samples, frames, start, start, 1, 0.5f};
    }
    return loops;
}
