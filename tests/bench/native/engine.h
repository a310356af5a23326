// The engine as the benches drive it: the release library through its entry points, no Bun.
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h" // generated from protocol/abi.ts by build.ts

#define RATE_HZ 48000
#define EVENTS_MAX 4096

// What happens at each border of real-time code; the library calls it through its two marks.
enum marks { MARKS_OFF, MARKS_COUNT, MARKS_TIME };

// One guarded block: when it began and ended, and the CPU time its thread spent in it.
struct block_time {
    int64_t start_ns;
    int64_t end_ns;
    int64_t cpu_ns;
};

struct bench {
    void *handle;
    EngineConfig config;
    EventRecord events[EVENTS_MAX];
    int event_count;
    // Captured events by slot, the newest.
    EventRecord captured[256];
    uint64_t answers, refusals;
};

// Prints why and ends the process with 1.
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

int64_t now_ns(void);
void sleep_until(int64_t deadline_ns);
// Sleeps through `ms` milliseconds of a real-time engine.
void rest_ms(double ms);
// Resident memory of this process in bytes.
int64_t resident_bytes(void);
// CPU time of this process in ms.
double process_cpu_ms(void);
// CPU time of the calling thread.
int64_t thread_cpu_ns(void);

void set_marks(enum marks mode);
// Records each block from now on, up to `capacity`; the newest are left out when it is full.
void record_blocks(int capacity);
int recorded_blocks(struct block_time **out);

// Loads the library named by FZ_LIBRARY; fails when its ABI is another one.
void load_library(void);
// A configuration for `slots` slots: stepped, without disk, 64 frames, 120 bpm.
void configure(struct bench *bench, int slots);
// Makes it without starting it; the warm-up's blocks are over then.
void make_engine(struct bench *bench);
void start_engine(struct bench *bench);
void end_engine(struct bench *bench);
void step(struct bench *bench, int frames);
EngineStatus status_of(struct bench *bench);
// Polls once; counts answers and keeps captures.
void poll_events(struct bench *bench);
// Reads away everything there is.
void poll_all(struct bench *bench);
// Sends one command; fails when it is refused at the door.
void send_command(struct bench *bench, CommandRecord command);
// Loads a take into memory and waits for it.
void load_take(struct bench *bench, TakeSource *source);
// Makes a loop of noise of `frames` frames, with a file in `folder`, and plays it in `slot`.
void load_loop(struct bench *bench, int slot, const char *folder, int frames);
// Loads a plug-in into the process of its group and waits for it.
void load_plugin(struct bench *bench, PluginSpec *spec);
// Makes a chain for a chainSet command.
void make_chain(struct bench *bench, ChainSpec *spec);
// The processes that run plug-ins; returns how many.
int read_hosts(struct bench *bench, HostRecord *hosts, int capacity);
// Asks for the last `bars` bars into `slot` under take number `take`; rolling.
CommandRecord press(int slot, int bars, uint32_t take);
// Steps until `slots` loops of `bars` bars play from their own buffers, `gap_frames` apart.
void fill_slots(struct bench *bench, int slots, int bars, int gap_frames);
// Writes `frames` frames of seeded noise as a Float32 WAV file.
void write_noise(const char *path, int64_t frames, uint64_t seed);
void write_constant(const char *path, int64_t frames, float value);
// The same noise, one sample.
float noise_at(int64_t frame, int channel, uint64_t seed);
int compare_i64(const void *left, const void *right);
// Value at `share` (0…1) of a sorted list.
int64_t at_share(const int64_t *sorted, int count, double share);

#endif
