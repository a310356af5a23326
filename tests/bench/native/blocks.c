// Time per block beside the C kernel: paced in real time, in turn, in the same minute.
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"
#include "floor.h"
#include "scenes.h"

static const int block_frames = 64;
static const int turn_blocks = 375;

struct turns {
    int64_t *engine, *kernel;
    int count;
};

static void engine_turn(struct bench *bench, int64_t *out, int64_t period_ns) {
    record_blocks(turn_blocks);
    int64_t start = now_ns();
    for (int block = 0; block < turn_blocks; block++) {
        sleep_until(start + (block + 1) * period_ns);
        step(bench, block_frames);
    }
    struct block_time *times;
    int count = recorded_blocks(&times);
    if (count != turn_blocks) fail("%d blocks were measured", count);
    for (int block = 0; block < count; block++) out[block] = times[block].end_ns - times[block].start_ns;
    poll_all(bench);
}

static void kernel_turn(struct floor_loop *loops, int count, int64_t *out, int64_t period_ns) {
    static float bus[2 * 64];
    int64_t start = now_ns();
    for (int block = 0; block < turn_blocks; block++) {
        sleep_until(start + (block + 1) * period_ns);
        int64_t before = now_ns();
        floor_mix(loops, count, bus, block_frames);
        out[block] = now_ns() - before;
    }
}

// blocks LOOPS BARS SECONDS BPM NOISE: p50 of both; BARS at 120 bpm.
void time_blocks(char **args) {
    int loops = atoi(args[0]), bars = atoi(args[1]);
    double bpm = atof(args[3]);
    static struct bench bench;
    configure(&bench, loops < 8 ? 8 : loops);
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", args[4]);
    start_engine(&bench);
    fill_slots(&bench, loops, bars, 2048);
    if (bpm != 120) send_command(&bench, (CommandRecord){.kind = COMMAND_KIND_tempo, .a = bpm});
    struct floor_loop *floor = make_floor(loops, bars * 2 * RATE_HZ);
    int64_t period_ns = (int64_t)(1e9 * block_frames / RATE_HZ);
    int rounds = (int)(atof(args[2]) * 1e9 / (double)(2 * turn_blocks * period_ns) + 0.5);
    if (rounds < 1) rounds = 1;
    struct turns turns = {0};
    turns.engine = calloc((size_t)(rounds * turn_blocks), sizeof(int64_t));
    turns.kernel = calloc((size_t)(rounds * turn_blocks), sizeof(int64_t));
    for (int round = 0; round < rounds; round++, turns.count += turn_blocks) {
        engine_turn(&bench, turns.engine + turns.count, period_ns);
        kernel_turn(floor, loops, turns.kernel + turns.count, period_ns);
    }
    qsort(turns.engine, (size_t)turns.count, sizeof(int64_t), compare_i64);
    qsort(turns.kernel, (size_t)turns.count, sizeof(int64_t), compare_i64);
    printf("{\"engineNs\":%lld,\"floorNs\":%lld,\"engineP99Ns\":%lld,\"floorP99Ns\":%lld,"
           "\"blocks\":%d,\"periodNs\":%lld}\n",
           (long long)at_share(turns.engine, turns.count, 0.5),
           (long long)at_share(turns.kernel, turns.count, 0.5),
           (long long)at_share(turns.engine, turns.count, 0.99),
           (long long)at_share(turns.kernel, turns.count, 0.99), turns.count, (long long)period_ns);
    end_engine(&bench);
}
