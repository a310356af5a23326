// The floor: what tight C needs for the work the engine does, with nothing around it.
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stdint.h>

struct floor_loop {
    const float *samples; // interleaved stereo
    int frames;
    int position;
    double place; // for the repitching kernel
    float left, right;
};

// Adds `count` stereo loops to a bus that it clears first; gains and pans move over the block.
void floor_mix(struct floor_loop *loops, int count, float *bus, int frames);
// The same through a 4-point interpolation at `ratio`.
void floor_repitch(struct floor_loop *loops, int count, float *bus, int frames, double ratio);
// `count` loops of `frames` frames of noise; those of one call lie in memory of their own.
struct floor_loop *make_floor(int count, int frames);

#endif
