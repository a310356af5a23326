// The driver of the benches: `driver SCENE ARGUMENTS…`; each scene prints one JSON object.
#include <stdio.h>
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

static const struct scene scenes[] = {
    {"noise", 2, noise},
    {"count", 5, count_engine},
    {"count-floor", 3, count_floor},
    {"blocks", 5, time_blocks},
};

int main(int count, char **args) {
    for (size_t index = 0; index < sizeof scenes / sizeof *scenes; index++) {
        const struct scene *scene = scenes + index;
        if (count < 2 || strcmp(args[1], scene->name) != 0) continue;
        if (count != 2 + scene->arguments) fail("%s takes %d arguments", args[1], scene->arguments);
        if (strncmp(args[1], "count-floor", 11) != 0) load_library();
        scene->run(args + 2);
        return 0;
    }
    fail("no such scene");
}
