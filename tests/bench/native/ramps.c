// How many frames a gain takes to move, whatever the blocks are.
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"
#include "scenes.h"

enum { PRESS_FRAME = 10001, LAST_FRAME = 24000 };

// Frames from the first one that sounds differently to the last; the input is constant.
static int ramp_frames(const char *constant, const char *path, int block) {
    static struct bench bench;
    configure(&bench, 8);
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", constant);
    snprintf((char *)bench.config.outputPath, sizeof bench.config.outputPath, "%s", path);
    start_engine(&bench);
    send(&bench, (CommandRecord){.kind = COMMAND_KIND_input, .atFrame = PRESS_FRAME});
    for (int done = 0; done < LAST_FRAME; done += block) step(&bench, block);
    end_engine(&bench);
    static float master[2 * LAST_FRAME];
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 58, SEEK_SET) != 0) fail("no master");
    if (fread(master, 8, LAST_FRAME, file) != LAST_FRAME) fail("the master is too short");
    fclose(file);
    int first = 1, last = LAST_FRAME - 1;
    while (first < last && master[2 * first] == master[0]) first++;
    while (last > first && master[2 * last - 2] == master[2 * LAST_FRAME - 2]) last--;
    if (first != PRESS_FRAME || master[2 * LAST_FRAME - 2] != 0) fail("frame %d moved first", first);
    return last - first + 1;
}

// ramps CONSTANT MASTER: the monitor is shut in blocks of many lengths.
void measure_ramps(char **args) {
    static const int sizes[] = {1, 16, 33, 64, 100, 256, 512, 1024, 4096};
    int least = LAST_FRAME, most = 0;
    for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++) {
        int frames = ramp_frames(args[0], args[1], sizes[index]);
        least = frames < least ? frames : least;
        most = frames > most ? frames : most;
    }
    printf("{\"least\":%d,\"most\":%d}\n", least, most);
}
