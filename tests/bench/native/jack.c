// The engine on a JACK server, and a client that does nothing on the same server as control.
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "scenes.h"

static _Atomic int control_xruns, control_blocks;

static int on_block(uint32_t frames, void *context) {
    (void)frames, (void)context;
    atomic_fetch_add(&control_blocks, 1);
    return 0;
}

static int on_xrun(void *context) {
    (void)context;
    atomic_fetch_add(&control_xruns, 1);
    return 0;
}

// jack-control SECONDS
void measure_jack_control(char **args) {
    void *library = dlopen("libjack.so.0", RTLD_NOW);
    if (!library) fail("libjack: %s", dlerror());
    void *(*open)(const char *, int, int *) = dlsym(library, "jack_client_open");
    int (*set_process)(void *, int (*)(uint32_t, void *), void *) =
        dlsym(library, "jack_set_process_callback");
    int (*set_xrun)(void *, int (*)(void *), void *) = dlsym(library, "jack_set_xrun_callback");
    int (*activate)(void *) = dlsym(library, "jack_activate");
    int (*close)(void *) = dlsym(library, "jack_client_close");
    int status = 0;
    void *client = open("bench-control", 1, &status);
    if (!client) fail("no JACK server: %d", status);
    set_process(client, on_block, NULL);
    set_xrun(client, on_xrun, NULL);
    activate(client);
    rest_ms(1000);
    atomic_store(&control_xruns, 0);
    atomic_store(&control_blocks, 0);
    rest_ms(atof(args[0]) * 1000);
    printf("{\"xruns\":%d,\"blocks\":%d}\n", atomic_load(&control_xruns),
           atomic_load(&control_blocks));
    close(client);
}

static void print_times(const char *name, int64_t *times, int count) {
    qsort(times, (size_t)count, sizeof(int64_t), compare_i64);
    printf(",\"%sMedianNs\":%lld,\"%sP9999Ns\":%lld,\"%sWorstNs\":%lld", name,
           (long long)at_share(times, count, 0.5), name, (long long)at_share(times, count, 0.9999),
           name, (long long)at_share(times, count, 1));
}

// Lets the device `kind` play that many different loops of two seconds.
static void measure_device(uint32_t kind, char **args) {
    int loops = atoi(args[1]);
    static struct bench bench;
    configure(&bench, loops);
    bench.config.deviceKind = kind;
    bench.config.flags &= ~(uint32_t)CONFIG_FLAGS_noDisk;
    snprintf((char *)bench.config.spoolPath, sizeof bench.config.spoolPath, "%s/spool", args[2]);
    snprintf((char *)bench.config.audioPath, sizeof bench.config.audioPath, "%s/audio", args[2]);
    start_engine(&bench);
    for (int slot = 0; slot < loops; slot++) load_loop(&bench, slot, args[2], 2 * RATE_HZ);
    rest_ms(1000);
    EngineStatus before = status_of(&bench);
    record_blocks((int)(atof(args[0]) * 800) + 4096);
    rest_ms(atof(args[0]) * 1000);
    struct block_time *blocks;
    int count = recorded_blocks(&blocks);
    EngineStatus after = status_of(&bench);
    poll_all(&bench);
    end_engine(&bench);
    int64_t *cpu = calloc((size_t)count, sizeof(int64_t)), *wall = calloc((size_t)count, sizeof(int64_t));
    for (int block = 0; block < count; block++) {
        cpu[block] = blocks[block].cpu_ns;
        wall[block] = blocks[block].end_ns - blocks[block].start_ns;
    }
    printf("{\"xruns\":%g,\"blocks\":%d,\"blockFrames\":%u,\"realTime\":%u,\"loops\":%g",
           after.xruns - before.xruns, count, after.blockFrames, after.hasRealTime,
           after.loopBytes / (16.0 * RATE_HZ));
    print_times("cpu", cpu, count);
    print_times("wall", wall, count);
    puts("}");
}

// jack SECONDS LOOPS FOLDER
void measure_jack(char **args) { measure_device(DEVICE_KIND_jack, args); }

// headless SECONDS LOOPS FOLDER: the same on the engine's own clock.
void measure_headless(char **args) { measure_device(DEVICE_KIND_headless, args); }
