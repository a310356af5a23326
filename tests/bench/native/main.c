// The driver of the benches: `driver SCENE ARGUMENTS…`; each scene prints one JSON object.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "scenes.h"

struct scene {
    const char *name;
    int arguments;
    void (*run)(char **args);
};

static void noise(char **args) {
    long long frames = 0;
    sscanf(args[1], "%lld", &frames);
    write_noise(args[0], frames, 1);
    puts("{}");
}

static void constant(char **args) {
    write_constant(args[0], RATE_HZ, 0.25f);
    puts("{}");
}

static const struct scene scenes[] = {
    {"noise", 2, noise},
    {"constant", 1, constant},
    {"count", 6, count_engine},
    {"count-moving", 3, count_moving},
    {"count-floor", 3, count_floor},
    {"blocks", 5, time_blocks},
    {"slots", 3, prove_slots},
    {"commits", 3, prove_commits},
    {"burst", 2, prove_burst},
    {"latency", 3, measure_latency},
    {"timer", 2, measure_timer},
    {"ramps", 2, measure_ramps},
    {"stall", 4, measure_stall},
    {"memory", 3, measure_memory},
    {"start", 2, measure_start},
    {"touch", 1, measure_touch},
    {"idle", 3, measure_idle},
    {"jack-control", 1, measure_jack_control},
    {"jack", 3, measure_jack},
    {"headless", 3, measure_headless},
    {"hosts", 5, measure_hosts},
    {"spectrum", 3, measure_spectrum},
};

int main(int count, char **args) {
    for (size_t index = 0; index < sizeof scenes / sizeof *scenes; index++) {
        const struct scene *scene = scenes + index;
        if (count < 2 || strcmp(args[1], scene->name) != 0) continue;
        if (count != 2 + scene->arguments) fail("%s takes %d arguments", args[1], scene->arguments);
        if (getenv("FZ_LIBRARY")) load_library();
        scene->run(args + 2);
        return 0;
    }
    fail("no such scene");
}
