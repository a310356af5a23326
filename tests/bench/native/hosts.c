// What plug-ins in processes of their own cost the audio thread, beside bare wakes of as many processes.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine.h"
#include "scenes.h"

enum { HOSTS_MAX = 8, BLOCK_FRAMES = 64, LOOP_FRAMES = 2 * RATE_HZ, BLOCKS_MAX = 1 << 17 };
enum { FIFO_PRIORITY = 10 };

// One process of the floor: it sleeps on a word, and copies a block when it is woken.
struct pair {
    _Atomic uint32_t bell;
    float in[2 * BLOCK_FRAMES], out[2 * BLOCK_FRAMES];
};

static struct pair *pairs;
static pid_t floor_pids[HOSTS_MAX];

static void go_first(int priority) {
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param){.sched_priority = priority});
}

static void serve(struct pair *pair) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    go_first(FIFO_PRIORITY - 1);
    uint32_t seen = 0;
    for (;;) {
        syscall(SYS_futex, &pair->bell, FUTEX_WAIT, seen, NULL, NULL, 0);
        seen = atomic_load(&pair->bell);
        memcpy(pair->out, pair->in, sizeof pair->out);
    }
}

// Before any thread is made.
static void start_floor(void) {
    pairs = mmap(NULL, HOSTS_MAX * sizeof *pairs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pairs == MAP_FAILED) fail("no shared memory");
    for (int index = 0; index < HOSTS_MAX; index++) {
        floor_pids[index] = fork();
        if (floor_pids[index] == 0) serve(pairs + index);
    }
}

static void end_floor(void) {
    for (int index = 0; index < HOSTS_MAX; index++) {
        kill(floor_pids[index], SIGKILL);
        waitpid(floor_pids[index], NULL, 0);
    }
}

struct phase {
    int hosts;
    int64_t *wall;
    int count;
    // Periods that were missed.
    double xruns;
    double engine_ms, hosts_ms, ms;
};

struct floor_run {
    struct phase *phase;
    double ms;
};

// Once a period: as many blocks are copied and as many processes woken as the phase has hosts.
static void *run_floor(void *given) {
    struct floor_run *run = given;
    struct phase *phase = run->phase;
    go_first(FIFO_PRIORITY);
    int64_t period = (int64_t)(1e9 * BLOCK_FRAMES / RATE_HZ), start = now_ns();
    int is_late = 0;
    for (int64_t tick = 1; tick * period < run->ms * 1e6; tick++) {
        sleep_until(start + tick * period);
        int64_t before = now_ns();
        int was_late = is_late;
        is_late = before - start - tick * period >= period;
        phase->xruns += is_late && !was_late;
        for (int index = 0; index < phase->hosts; index++) {
            struct pair *pair = pairs + index;
            static float sum[2 * BLOCK_FRAMES];
            memcpy(sum, pair->out, sizeof sum);
            memcpy(pair->in, sum, sizeof sum);
            atomic_fetch_add(&pair->bell, 1);
            syscall(SYS_futex, &pair->bell, FUTEX_WAKE, 1, NULL, NULL, 0);
        }
        if (phase->count < BLOCKS_MAX) phase->wall[phase->count++] = now_ns() - before;
    }
    return NULL;
}

static void measure_floor(struct phase *phase, double ms) {
    struct floor_run run = {phase, ms};
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_floor, &run) != 0) fail("no thread");
    pthread_join(thread, NULL);
}

static void bytes_of(uint32_t *words, const char *hex) {
    uint8_t bytes[16];
    for (int index = 0; index < 16; index++) {
        unsigned byte = 0;
        if (sscanf(hex + 2 * index, "%2x", &byte) != 1) fail("%s is no class", hex);
        bytes[index] = (uint8_t)byte;
    }
    memcpy(words, bytes, sizeof bytes);
}

// Lines of bundle, class and group.
static int load_plugins(struct bench *bench, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("%s cannot be read", path);
    static PluginSpec spec;
    char class_id[64];
    int count = 0;
    memset(&spec, 0, sizeof spec);
    while (count < HOSTS_MAX && fscanf(file, "%1023s %63s %127s", (char *)spec.bundle, class_id,
                                       (char *)spec.group) == 3) {
        spec.id[0] = 11;
        spec.id[3] = (uint32_t)++count;
        bytes_of(spec.classId, class_id);
        load_plugin(bench, &spec);
    }
    if (fclose(file) != 0 || count == 0) fail("%s names no plug-in", path);
    return count;
}

// The first `hosts` slots go through a plug-in each, the others through none.
static void set_chains(struct bench *bench, int hosts, int all) {
    static uint32_t chains = 0;
    for (int slot = 0; slot < all; slot++) {
        CommandRecord set = {.kind = COMMAND_KIND_chainSet, .slot = (uint32_t)slot};
        if (slot < hosts) {
            ChainSpec spec = {.id = {12, 0, 0, ++chains}, .count = 1};
            spec.plugins[0] = 11;
            spec.plugins[3] = (uint32_t)slot + 1;
            make_chain(bench, &spec);
            memcpy(set.id, spec.id, sizeof set.id);
        }
        send_command(bench, set);
    }
}

static double hosts_cpu_ms(struct bench *bench) {
    static HostRecord hosts[64];
    int count = read_hosts(bench, hosts, 64);
    double sum = 0;
    for (int index = 0; index < count; index++) sum += hosts[index].cpuMs;
    return sum;
}

static void measure_phase(struct bench *bench, struct phase *phase, int all, double ms) {
    set_chains(bench, phase->hosts, all);
    // Heard, and the processes measured by whoever keeps them.
    rest_ms(1200);
    poll_all(bench);
    double engine = process_cpu_ms(), hosts = hosts_cpu_ms(bench);
    double xruns = status_of(bench).xruns;
    int64_t start = now_ns();
    record_blocks((int)(ms * RATE_HZ / BLOCK_FRAMES / 1000) + 1024);
    rest_ms(ms);
    struct block_time *blocks;
    int count = recorded_blocks(&blocks);
    for (int block = 0; block < count && phase->count < BLOCKS_MAX; block++) {
        phase->wall[phase->count++] = blocks[block].end_ns - blocks[block].start_ns;
    }
    phase->xruns += status_of(bench).xruns - xruns;
    // The keepers measure once a second.
    rest_ms(1100);
    phase->ms += (double)(now_ns() - start) / 1e6;
    phase->engine_ms += process_cpu_ms() - engine;
    phase->hosts_ms += hosts_cpu_ms(bench) - hosts;
    poll_all(bench);
}

static void print_phase(const char *name, struct phase *phase) {
    qsort(phase->wall, (size_t)phase->count, sizeof(int64_t), compare_i64);
    printf(",\"%sNs\":%lld,\"%sP99Ns\":%lld,\"%sWorstNs\":%lld,\"%sBlocks\":%d,\"%sXruns\":%g", name,
           (long long)at_share(phase->wall, phase->count, 0.5), name,
           (long long)at_share(phase->wall, phase->count, 0.99), name,
           (long long)at_share(phase->wall, phase->count, 1), name, phase->count, name, phase->xruns);
    if (phase->ms == 0) return;
    printf(",\"%sEngineMsPerSecond\":%g,\"%sHostsMsPerSecond\":%g", name,
           1000 * phase->engine_ms / phase->ms, name, 1000 * phase->hosts_ms / phase->ms);
}

// hosts SECONDS ROUNDS HOST FOLDER PLUGINS: blocks of 64 frames with as many loops as plug-ins, of which
// none, one and all go through a process; in turns with bare wakes of one and of as many processes.
void measure_hosts(char **args) {
    start_floor();
    double ms = atof(args[0]) * 1000;
    int rounds = atoi(args[1]);
    static struct bench bench;
    configure(&bench, HOSTS_MAX);
    bench.config.deviceKind = DEVICE_KIND_headless;
    snprintf((char *)bench.config.pluginHostPath, sizeof bench.config.pluginHostPath, "%s", args[2]);
    bench.config.flags &= ~(uint32_t)CONFIG_FLAGS_noDisk;
    snprintf((char *)bench.config.spoolPath, sizeof bench.config.spoolPath, "%s/spool", args[3]);
    snprintf((char *)bench.config.audioPath, sizeof bench.config.audioPath, "%s/audio", args[3]);
    snprintf((char *)bench.config.statePath, sizeof bench.config.statePath, "%s", args[3]);
    start_engine(&bench);
    int all = load_plugins(&bench, args[4]);
    for (int slot = 0; slot < all; slot++) load_loop(&bench, slot, args[3], LOOP_FRAMES);
    struct phase none = {.hosts = 0}, one = {.hosts = 1}, every = {.hosts = all};
    struct phase floor_one = {.hosts = 1}, floor_every = {.hosts = all};
    struct phase *each[] = {&none, &one, &every, &floor_one, &floor_every};
    for (int index = 0; index < 5; index++) each[index]->wall = calloc(BLOCKS_MAX, sizeof(int64_t));
    for (int round = 0; round < rounds; round++) {
        measure_phase(&bench, &none, all, ms / rounds);
        measure_phase(&bench, &one, all, ms / rounds);
        measure_phase(&bench, &every, all, ms / rounds);
        set_chains(&bench, 0, all);
        measure_floor(&floor_one, ms / rounds);
        measure_floor(&floor_every, ms / rounds);
    }
    static HostRecord hosts[64];
    int count = read_hosts(&bench, hosts, 64);
    double wet = 0, missed = 0;
    for (int index = 0; index < count; index++) {
        wet += hosts[index].wetBlocks;
        missed += hosts[index].missedBlocks;
    }
    printf("{\"hosts\":%d,\"processes\":%d,\"realTime\":%u,\"wet\":%g,\"missed\":%g", all,
           count, status_of(&bench).hasRealTime, wet, missed);
    print_phase("none", &none);
    print_phase("one", &one);
    print_phase("every", &every);
    print_phase("floorOne", &floor_one);
    print_phase("floorEvery", &floor_every);
    puts("}");
    end_engine(&bench);
    end_floor();
}
