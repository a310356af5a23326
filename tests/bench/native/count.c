// Instruction counts: run under callgrind, which collects between the marks only.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "floor.h"
#include "scenes.h"
#include <valgrind/callgrind.h>

static const int block_frames = 64;

// count LOOPS SLOTS BPM BLOCKS NOISE BARS: the engine, playing loops of 120 bpm at BPM.
void count_engine(char **args) {
    int loops = atoi(args[0]), slots = atoi(args[1]), blocks = atoi(args[3]);
    static struct bench bench;
    configure(&bench, slots);
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", args[4]);
    start_engine(&bench);
    fill_slots(&bench, loops, atoi(args[5]), 2048);
    double bpm = atof(args[2]);
    if (bpm != 120) {
        send_command(&bench, (CommandRecord){.kind = COMMAND_KIND_tempo, .a = bpm});
        for (int block = 0; block < 16; block++) step(&bench, block_frames);
    }
    set_marks(MARKS_COUNT);
    for (int block = 0; block < blocks; block++) step(&bench, block_frames);
    set_marks(MARKS_OFF);
    printf("{\"frames\":%d}\n", blocks * block_frames);
    end_engine(&bench);
}

// count-moving LOOPS SLOTS NOISE: while the gains of all loops go from 1 to 0.5, as fast as they may.
void count_moving(char **args) {
    int loops = atoi(args[0]), blocks = 3;
    static struct bench bench;
    configure(&bench, atoi(args[1]));
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", args[2]);
    start_engine(&bench);
    fill_slots(&bench, loops, 1, 2048);
    for (int slot = 0; slot < loops; slot++) {
        send_command(&bench, (CommandRecord){.kind = COMMAND_KIND_slotGain, .slot = (uint32_t)slot, .a = 0.5});
    }
    // The block that takes the commands in is another one's matter.
    step(&bench, block_frames);
    set_marks(MARKS_COUNT);
    for (int block = 0; block < blocks; block++) step(&bench, block_frames);
    set_marks(MARKS_OFF);
    printf("{\"frames\":%d}\n", blocks * block_frames);
    end_engine(&bench);
}

// count-floor LOOPS KIND BLOCKS: the C kernels.
void count_floor(char **args) {
    int loops = atoi(args[0]), blocks = atoi(args[2]);
    int repitches = strcmp(args[1], "repitch") == 0;
    struct floor_loop *floor = make_floor(loops, RATE_HZ);
    static float bus[2 * 64];
    for (int block = 0; block < blocks; block++) {
        CALLGRIND_TOGGLE_COLLECT;
        if (repitches) {
            floor_repitch(floor, loops, bus, block_frames, 1.08);
        } else {
            floor_mix(floor, loops, bus, block_frames);
        }
        CALLGRIND_TOGGLE_COLLECT;
    }
    printf("{\"frames\":%d,\"bus\":%g}\n", blocks * block_frames, (double)bus[0]);
}
