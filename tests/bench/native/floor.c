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
static inline floats add(const float *from, float *restrict bus, int frames, floats gain,
                         floats move) {
    floats second = gain + move, twice = move + move;
    int index = 0;
#if defined(__clang__)
#pragma clang loop unroll_count(4)
#endif
    for (; index + 8 <= frames; index += 8) {
        store(bus + 2 * index, load(bus + 2 * index) + load(from + 2 * index) * gain);
        store(bus + 2 * index + 8, load(bus + 2 * index + 8) + load(from + 2 * index + 8) * second);
        gain += twice;
        second += twice;
    }
    for (; index < frames; index++) {
        bus[2 * index] += from[2 * index] * gain[0];
        bus[2 * index + 1] += from[2 * index + 1] * gain[1];
        gain += move * 0.25f;
    }
    return gain;
}

void floor_mix(struct floor_loop *loops, int count, float *bus, int frames) {
    const floats steps = {1, 1, 2, 2, 3, 3, 4, 4};
    float share = 1 / (float)frames;
    memset(bus, 0, 8 * (size_t)frames);
    for (int index = 0; index < count; index++) {
        struct floor_loop *loop = loops + index;
        float l = loop->left, r = loop->right, to = l > 0.75f ? 0.5f : 1.0f;
        floats from = {l, r, l, r, l, r, l, r};
        floats each = (to - from) * share;
        floats gain = from + each * steps, move = each * 4;
        loop->left = loop->right = to;
        int done = 0;
        while (done < frames) {
            int left = loop->frames - loop->position;
            int run = frames - done < left ? frames - done : left;
            gain = add(loop->samples + 2 * loop->position, bus + 2 * done, run, gain, move);
            done += run;
            loop->position = run == left ? 0 : loop->position + run;
        }
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
        loops[index] = (struct floor_loop){samples, frames, start, start, 1, 1};
    }
    return loops;
}
