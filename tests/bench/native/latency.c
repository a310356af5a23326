// From a command's arrival to the first frame it changes, on the real-time headless clock.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "floor.h"
#include "scenes.h"

static const int block_frames = 64;
static volatile int ends;

struct timer {
    int64_t *late;
    int count, capacity;
};

// Wakes once a period and notes how late it was; nothing else.
static void *run_timer(void *given) {
    struct timer *timer = given;
    int64_t period = (int64_t)(1e9 * block_frames / RATE_HZ), start = now_ns();
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param){.sched_priority = 10});
    for (int64_t tick = 1; !ends && timer->count < timer->capacity; tick++) {
        sleep_until(start + tick * period);
        timer->late[timer->count++] = now_ns() - start - tick * period;
    }
    return NULL;
}

static void describe(const char *name, int64_t *times, int count) {
    qsort(times, (size_t)count, sizeof(int64_t), compare_i64);
    int64_t median = at_share(times, count, 0.5);
    int slow = 0;
    while (slow < count && times[count - 1 - slow] > 4 * median) slow++;
    printf(",\"%sMedianNs\":%lld,\"%sP9999Ns\":%lld,\"%sWorstNs\":%lld,\"%sSlow\":%d", name,
           (long long)median, name, (long long)at_share(times, count, 0.9999), name,
           (long long)at_share(times, count, 1), name, slow);
}

// timer SECONDS LOOPS: a control run: the C kernel once a period. Periods that a device of two would
// have missed, and the kernel's time by its thread's CPU and by the clock, which nothing but the machine
// makes longer.
void measure_timer(char **args) {
    int64_t period = (int64_t)(1e9 * block_frames / RATE_HZ), start = now_ns();
    int64_t ticks = (int64_t)(atof(args[0]) * 1e9) / period;
    int missed = 0, is_late = 0, loops = atoi(args[1]);
    struct floor_loop *floor = make_floor(loops, RATE_HZ);
    int64_t *cpu = calloc((size_t)ticks, sizeof(int64_t));
    int64_t *wall = calloc((size_t)ticks, sizeof(int64_t));
    static float bus[2 * 64];
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param){.sched_priority = 10});
    for (int64_t tick = 1; tick <= ticks; tick++) {
        sleep_until(start + tick * period);
        int was_late = is_late;
        is_late = now_ns() - start - tick * period >= period;
        missed += is_late && !was_late;
        int64_t wall_before = now_ns(), cpu_before = thread_cpu_ns();
        floor_mix(floor, loops, bus, block_frames);
        cpu[tick - 1] = thread_cpu_ns() - cpu_before;
        wall[tick - 1] = now_ns() - wall_before;
    }
    printf("{\"missed\":%d,\"periods\":%lld", missed, (long long)ticks);
    describe("cpu", cpu, (int)ticks);
    describe("wall", wall, (int)ticks);
    puts("}");
}

// Whether the gain began to move at this frame: the input is constant, so the master tells.
static int changes_at(FILE *master, int64_t frame) {
    float around[8];
    if (fseek(master, 58 + 8 * (frame - 2), SEEK_SET) != 0) return 0;
    if (fread(around, 8, 4, master) != 4) return 0;
    return around[0] == around[2] && around[4] != around[6];
}

// latency COMMANDS CONSTANT MASTER: the monitor is opened and shut at moments that fit no block.
void measure_latency(char **args) {
    int commands = atoi(args[0]), capacity = commands * 24 + 4096;
    static struct bench bench;
    configure(&bench, 8);
    bench.config.deviceKind = DEVICE_KIND_headless;
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", args[1]);
    snprintf((char *)bench.config.outputPath, sizeof bench.config.outputPath, "%s", args[2]);
    struct timer timer = {calloc((size_t)capacity, sizeof(int64_t)), 0, capacity};
    int64_t *sent = calloc((size_t)commands, sizeof(int64_t));
    int64_t *frames = calloc((size_t)commands, sizeof(int64_t));
    make_engine(&bench);
    record_blocks(capacity);
    start_engine(&bench);
    pthread_t thread;
    pthread_create(&thread, NULL, run_timer, &timer);
    rest_ms(200);
    for (int index = 0; index < commands; index++) {
        rest_ms(14 + 8 * (0.5 + noise_at(index, 0, 5)));
        CommandRecord command = {.kind = COMMAND_KIND_input, .flags = COMMAND_FLAGS_on};
        command.a = index & 1;
        command.token = (uint32_t)index + 1;
        sent[index] = now_ns();
        send_command(&bench, command);
        poll_events(&bench);
        for (int event = 0; event < bench.event_count; event++) {
            const EventRecord *record = &bench.events[event];
            if (record->kind == EVENT_KIND_applied) frames[record->token - 1] = (int64_t)record->frame;
        }
    }
    rest_ms(50);
    poll_events(&bench);
    for (int event = 0; event < bench.event_count; event++) {
        const EventRecord *record = &bench.events[event];
        if (record->kind == EVENT_KIND_applied) frames[record->token - 1] = (int64_t)record->frame;
    }
    ends = 1;
    pthread_join(thread, NULL);
    end_engine(&bench);
    struct block_time *blocks;
    int count = recorded_blocks(&blocks), heard = 0;
    FILE *master = fopen(args[2], "rb");
    if (!master) fail("no master");
    for (int index = 0; index < commands; index++) {
        int64_t block = frames[index] / block_frames, into = frames[index] % block_frames;
        if (frames[index] == 0 || block >= count) fail("command %d was not applied", index);
        heard += changes_at(master, frames[index]);
        sent[index] = blocks[block].start_ns + into * 1000000000 / RATE_HZ - sent[index];
    }
    qsort(sent, (size_t)commands, sizeof(int64_t), compare_i64);
    qsort(timer.late, (size_t)timer.count, sizeof(int64_t), compare_i64);
    printf("{\"commands\":%d,\"heard\":%d,\"minNs\":%lld,\"p50Ns\":%lld,\"p99Ns\":%lld,"
           "\"timerMinNs\":%lld,\"timerP99Ns\":%lld,\"periodNs\":%lld}\n",
           commands, heard, (long long)sent[0], (long long)at_share(sent, commands, 0.5),
           (long long)at_share(sent, commands, 0.99), (long long)timer.late[0],
           (long long)at_share(timer.late, timer.count, 0.99),
           (long long)(1e9 * block_frames / RATE_HZ));
}
