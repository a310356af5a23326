#define _GNU_SOURCE
#include "engine.h"

#include <dlfcn.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    uint32_t (*abi_version)(void);
    uint32_t (*abi_hash)(void);
    int32_t (*create)(void *, void *);
    int32_t (*start)(void *), (*stop)(void *), (*destroy)(void *);
    int32_t (*send)(void *, void *, uint32_t), (*poll)(void *, void *, uint32_t);
    int32_t (*status)(void *, void *), (*step)(void *, uint32_t);
    int32_t (*load)(void *, void *);
    int32_t (*plugin_load)(void *, void *), (*plugin_chain)(void *, void *);
    int32_t (*plugin_hosts)(void *, void *, uint32_t);
    int32_t (*last_error)(void *, uint32_t);
} api;

void fail(const char *format, ...) {
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(1);
}

static void find(void *library, void *into, const char *name) {
    void *symbol = dlsym(library, name);
    if (!symbol) fail("the library has no %s", name);
    memcpy(into, &symbol, sizeof symbol);
}

void load_library(void) {
    const char *path = getenv("FZ_LIBRARY");
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!library) fail("FZ_LIBRARY: %s", path ? dlerror() : "not set");
    find(library, &api.abi_version, "fz_abi_version");
    find(library, &api.abi_hash, "fz_abi_hash");
    find(library, &api.create, "fz_engine_create");
    find(library, &api.start, "fz_engine_start");
    find(library, &api.stop, "fz_engine_stop");
    find(library, &api.destroy, "fz_engine_destroy");
    find(library, &api.send, "fz_engine_send");
    find(library, &api.poll, "fz_engine_poll");
    find(library, &api.status, "fz_engine_status");
    find(library, &api.step, "fz_engine_step");
    find(library, &api.load, "fz_take_load");
    find(library, &api.plugin_load, "fz_plugin_load");
    find(library, &api.plugin_chain, "fz_plugin_chain");
    find(library, &api.plugin_hosts, "fz_plugin_hosts");
    find(library, &api.last_error, "fz_last_error");
    if (api.abi_version() != BENCH_ABI_VERSION || api.abi_hash() != BENCH_ABI_HASH) {
        fail("the library is older than protocol/abi.ts: sh scripts/up build");
    }
}

static void need(int32_t code, const char *what) {
    if (code >= 0) return;
    char text[512] = "";
    int32_t bytes = api.last_error(text, sizeof text - 1);
    fail("%s: %d %.*s", what, code, bytes, text);
}

void configure(struct bench *bench, int slots) {
    memset(bench, 0, sizeof *bench);
    EngineConfig *config = &bench->config;
    config->abiVersion = BENCH_ABI_VERSION;
    config->sampleRateHz = RATE_HZ;
    config->blockFrames = 64;
    config->slotCount = (uint32_t)slots;
    config->sourceCount = 1;
    config->deviceKind = DEVICE_KIND_stepped;
    config->flags = CONFIG_FLAGS_noDisk | CONFIG_FLAGS_monitor;
    config->bpm = 120;
    config->runId[0] = 1;
}

void make_engine(struct bench *bench) {
    uint64_t handle = 0;
    need(api.create(&bench->config, &handle), "create");
    bench->handle = (void *)(uintptr_t)handle;
}

void start_engine(struct bench *bench) {
    if (!bench->handle) make_engine(bench);
    need(api.start(bench->handle), "start");
}

void end_engine(struct bench *bench) {
    need(api.stop(bench->handle), "stop");
    need(api.destroy(bench->handle), "destroy");
}

void step(struct bench *bench, int frames) {
    need(api.step(bench->handle, (uint32_t)frames), "step");
}

EngineStatus status_of(struct bench *bench) {
    EngineStatus status;
    memset(&status, 0, sizeof status);
    need(api.status(bench->handle, &status), "status");
    return status;
}

void poll_events(struct bench *bench) {
    int32_t count = api.poll(bench->handle, bench->events, EVENTS_MAX);
    need(count, "poll");
    bench->event_count = count;
    for (int index = 0; index < count; index++) {
        EventRecord *event = &bench->events[index];
        if (event->kind == EVENT_KIND_captured) bench->captured[event->slot & 255] = *event;
        int answers = event->kind == EVENT_KIND_applied || event->kind == EVENT_KIND_captured;
        if (answers) bench->answers++;
        if (event->kind == EVENT_KIND_applied && event->code) bench->refusals++;
    }
}

void poll_all(struct bench *bench) {
    do {
        poll_events(bench);
    } while (bench->event_count == EVENTS_MAX);
}

void send_command(struct bench *bench, CommandRecord command) {
    need(api.send(bench->handle, &command, 1), "send");
}

void load_take(struct bench *bench, TakeSource *source) {
    need(api.load(bench->handle, source), "load");
    for (int64_t start = now_ns(); now_ns() - start < 10000000000; rest_ms(1)) {
        poll_events(bench);
        for (int index = 0; index < bench->event_count; index++) {
            EventRecord *event = &bench->events[index];
            if (event->kind != EVENT_KIND_takeLoaded) continue;
            if (memcmp(event->id, source->id, sizeof event->id) != 0) continue;
            if (event->code) fail("%s: %u", source->path, event->code);
            return;
        }
    }
    fail("%s was not loaded", source->path);
}

void load_plugin(struct bench *bench, PluginSpec *spec) {
    need(api.plugin_load(bench->handle, spec), "plugin load");
    for (int64_t start = now_ns(); now_ns() - start < 30000000000; rest_ms(1)) {
        poll_events(bench);
        for (int index = 0; index < bench->event_count; index++) {
            EventRecord *event = &bench->events[index];
            if (event->kind != EVENT_KIND_pluginLoaded) continue;
            if (memcmp(event->id, spec->id, sizeof event->id) != 0) continue;
            if (event->code) fail("%s: %u", spec->bundle, event->code);
            return;
        }
    }
    fail("%s was not loaded", spec->bundle);
}

void make_chain(struct bench *bench, ChainSpec *spec) {
    need(api.plugin_chain(bench->handle, spec), "chain");
}

int read_hosts(struct bench *bench, HostRecord *hosts, int capacity) {
    int32_t count = api.plugin_hosts(bench->handle, hosts, (uint32_t)capacity);
    need(count, "hosts");
    return count;
}

void load_loop(struct bench *bench, int slot, const char *folder, int frames) {
    TakeSource source = {.fromFrame = 0, .toFrame = frames, .framesPerBeat = 24000};
    source.id[0] = 9;
    source.id[3] = (uint32_t)slot + 1;
    source.sampleRateHz = RATE_HZ;
    source.origin = TAKE_ORIGIN_file;
    snprintf((char *)source.path, sizeof source.path, "%s/loop-%d.wav", folder, slot);
    write_noise((const char *)source.path, frames, 100 + (uint64_t)slot);
    load_take(bench, &source);
    CommandRecord set = {.kind = COMMAND_KIND_slotSet, .slot = (uint32_t)slot, .b = frames / 24000};
    memcpy(set.id, source.id, sizeof set.id);
    send_command(bench, set);
}

CommandRecord press(int slot, int bars, uint32_t take) {
    CommandRecord command = {.kind = COMMAND_KIND_capture, .slot = (uint32_t)slot, .a = bars};
    command.id[0] = 7;
    command.id[3] = take;
    command.token = take;
    return command;
}

void fill_slots(struct bench *bench, int slots, int bars, int gap_frames) {
    int bar = (int)(4 * 60 * RATE_HZ / bench->config.bpm);
    for (int done = 0; done < (bars + 1) * bar; done += 4096) step(bench, 4096);
    for (int slot = 0; slot < slots; slot++) {
        send_command(bench, press(slot, bars, (uint32_t)slot + 1));
        for (int done = 0; done < gap_frames; done += 64) step(bench, 64);
        poll_all(bench);
    }
    // The swap to the buffers, and every ramp after it.
    for (int done = 0; done < 1024; done += 64) step(bench, 64);
    poll_all(bench);
    double loops = status_of(bench).loopBytes / (8.0 * bars * bar);
    if (loops < slots - 0.5) fail("only %.1f of %d loops play from buffers", loops, slots);
    for (int slot = 0; slot < slots; slot++) {
        if (bench->captured[slot].toFrame == 0) fail("slot %d has no loop", slot);
    }
}

float noise_at(int64_t frame, int channel, uint64_t seed) {
    uint64_t word = (uint64_t)frame * 2 + (uint64_t)channel + seed * 0x9e3779b97f4a7c15ull;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ull;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebull;
    word ^= word >> 31;
    return (float)(word >> 40) / (float)(1 << 24) - 0.5f;
}

// Opens a Float32 stereo WAV file for that many frames.
static FILE *open_wav(const char *path, int64_t frames) {
    FILE *file = fopen(path, "wb");
    if (!file) fail("%s cannot be written", path);
    struct __attribute__((packed)) {
        char riff[4];
        uint32_t riff_bytes;
        char wave_fmt[8];
        uint32_t fmt_bytes;
        uint16_t format, channels;
        uint32_t rate, rate_bytes;
        uint16_t frame_bytes, bits, extra;
        char fact[4];
        uint32_t fact_bytes, fact_frames;
        char data[4];
        uint32_t bytes;
    } header = {"RIFF", (uint32_t)(8 * frames) + 50, "WAVEfmt ", 18, 3, 2, RATE_HZ, 8 * RATE_HZ,
                8,      32,                          0,          "fact", 4, (uint32_t)frames,
                "data", (uint32_t)(8 * frames)};
    _Static_assert(sizeof header == 58, "as the takes of the engine");
    fwrite(&header, 1, sizeof header, file);
    return file;
}

void write_noise(const char *path, int64_t frames, uint64_t seed) {
    FILE *file = open_wav(path, frames);
    for (int64_t frame = 0; frame < frames; frame++) {
        float pair[2] = {noise_at(frame, 0, seed), noise_at(frame, 1, seed)};
        fwrite(pair, 1, sizeof pair, file);
    }
    if (fclose(file) != 0) fail("%s could not be written", path);
}

void write_constant(const char *path, int64_t frames, float value) {
    FILE *file = open_wav(path, frames);
    for (int64_t sample = 0; sample < 2 * frames; sample++) fwrite(&value, 1, sizeof value, file);
    if (fclose(file) != 0) fail("%s could not be written", path);
}
