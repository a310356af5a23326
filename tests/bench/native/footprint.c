// What the engine takes of the machine: memory, time to start, CPU while nothing happens.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "scenes.h"

static void use_folder(struct bench *bench, const char *folder) {
    bench->config.flags &= ~(uint32_t)CONFIG_FLAGS_noDisk;
    snprintf((char *)bench->config.spoolPath, sizeof bench->config.spoolPath, "%s/spool", folder);
    snprintf((char *)bench->config.audioPath, sizeof bench->config.audioPath, "%s/audio", folder);
}

static void play_bars(struct bench *bench, double bars) {
    int frames = (int)(bars * 4 * 60 * RATE_HZ / bench->config.bpm);
    for (int done = 0; done < frames; done += 512) {
        step(bench, 512);
        poll_all(bench);
    }
}

// The disk makes its spare blocks on a thread of its own.
static void wait_for_memory(void) {
    int64_t known = 0;
    for (int tries = 0; tries < 50 && resident_bytes() != known; tries++) {
        known = resident_bytes();
        rest_ms(100);
    }
}

// memory SLOTS BARS FOLDER: base, bytes per loop, and what a hundred overwrites and undos add.
void measure_memory(char **args) {
    int slots = atoi(args[0]), bars = atoi(args[1]);
    static struct bench bench;
    configure(&bench, slots);
    bench.config.flags |= CONFIG_FLAGS_demoPlayer;
    use_folder(&bench, args[2]);
    start_engine(&bench);
    for (int block = 0; block < 64; block++) step(&bench, 64);
    wait_for_memory();
    EngineStatus status = status_of(&bench);
    int64_t base = resident_bytes() - (int64_t)(8 * status.ringFrames);
    play_bars(&bench, bars + 1);
    int64_t before = resident_bytes();
    fill_slots(&bench, slots, bars, 2048);
    int64_t filled = resident_bytes() - before;
    double raw = status_of(&bench).loopBytes;
    // Each press overwrites slot 0; the undo brings the loop that was there before.
    before = resident_bytes();
    for (int round = 0; round < 100; round++) {
        send_command(&bench, press(0, bars, 10000 + (uint32_t)round));
        play_bars(&bench, 0.25);
        EventRecord first = bench.captured[slots - 1];
        CommandRecord undo = {.kind = COMMAND_KIND_slotSet, .slot = 0, .b = first.lengthBeats};
        undo.a = first.originBeat;
        undo.c = first.offsetFrames;
        memcpy(undo.id, first.id, sizeof undo.id);
        send_command(&bench, undo);
        play_bars(&bench, 0.25);
    }
    double added = (double)(resident_bytes() - before);
    double cached = status_of(&bench).loopBytes - raw;
    printf("{\"baseMiB\":%g,\"ringMiB\":%g,\"perLoop\":%g,\"rawMiB\":%g,\"undoMiB\":%g,"
           "\"undoCacheMiB\":%g}\n",
           (double)base / 1048576, 8 * status.ringFrames / 1048576, (double)filled / raw,
           raw / 1048576, added / 1048576, cached / 1048576);
    end_engine(&bench);
}

// start SLOTS FOLDER: from the first call to the first block.
void measure_start(char **args) {
    static struct bench bench;
    configure(&bench, atoi(args[0]));
    bench.config.deviceKind = DEVICE_KIND_headless;
    use_folder(&bench, args[1]);
    int64_t before = now_ns();
    start_engine(&bench);
    while (status_of(&bench).blocks < 1) rest_ms(0.1);
    double ready = (double)(now_ns() - before) / 1e6;
    printf("{\"readyMs\":%g}\n", ready);
    end_engine(&bench);
}

// The floor of a start: all pages of as much memory as the ring takes, touched once.
void measure_touch(char **args) {
    size_t bytes = (size_t)atol(args[0]);
    int64_t before = now_ns();
    char *memory = malloc(bytes);
    if (!memory) fail("no memory");
    for (size_t at = 0; at < bytes; at += 4096) memory[at] = 1;
    printf("{\"touchMs\":%g,\"last\":%d}\n", (double)(now_ns() - before) / 1e6, memory[bytes - 4096]);
}

// idle SECONDS SLOTS FOLDER: CPU of the whole process beside a thread that only keeps the time.
void measure_idle(char **args) {
    double seconds = atof(args[0]);
    static struct bench bench;
    configure(&bench, atoi(args[1]));
    bench.config.deviceKind = DEVICE_KIND_headless;
    use_folder(&bench, args[2]);
    start_engine(&bench);
    rest_ms(2000);
    double before = process_cpu_ms();
    rest_ms(seconds * 1000);
    double engine = (process_cpu_ms() - before) / seconds;
    double xruns = status_of(&bench).xruns;
    end_engine(&bench);
    int64_t period = (int64_t)(1e9 * 64 / RATE_HZ), start = now_ns();
    int64_t ticks = (int64_t)(seconds * 1e9) / period;
    before = process_cpu_ms();
    for (int64_t tick = 1; tick <= ticks; tick++) sleep_until(start + tick * period);
    double timer = (process_cpu_ms() - before) / seconds;
    printf("{\"engineMsPerSecond\":%g,\"timerMsPerSecond\":%g,\"xruns\":%g}\n", engine, timer, xruns);
}
