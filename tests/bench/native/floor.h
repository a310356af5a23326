// The floor: what tight C needs for the work the engine does, with nothing around it.
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stdint.h>

struct floor_loop {
    const float *samples; // interleaved stereo
    int frames;
    int position;
    double place; // for the repitching kernel
    float left, target; // gain, the same on both sides, and where it goes in the next block
};

// Adds `count` stereo loops to a bus that it clears first; gains move over the block, whose length
// is a multiple of 32.
void floor_mix(struct floor_loop *loops, int count, float *bus, int frames);
// The same through a 4-point interpolation at `ratio`.
void floor_repitch(struct floor_loop *loops, int count, float *bus, int frames, double ratio);
// `count` loops of `frames` frames of noise; those of one call lie in memory of their own.
struct floor_loop *make_floor(int count, int frames);

#endif
