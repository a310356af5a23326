// How many frames a gain takes to move, whatever the blocks are.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "scenes.h"

enum { BAR_FRAMES = 96000, PRESS_FRAME = 200001, LAST_FRAME = 214000 };

// What is moved at PRESS_FRAME: the monitor is shut, a slot's gain goes to 0, a slot is muted.
enum moved { MONITOR, SLOT_GAIN, SLOT_MUTE, MOVED_COUNT };

static void step_to(struct bench *bench, int *done, int until, int block) {
    for (; *done < until; *done += block) step(bench, block);
    poll_all(bench);
}

static CommandRecord command_of(enum moved moved) {
    CommandRecord command = {.atFrame = PRESS_FRAME};
    if (moved == MONITOR) command.kind = COMMAND_KIND_input;
    if (moved == SLOT_GAIN) command.kind = COMMAND_KIND_slotGain;
    if (moved == SLOT_MUTE) command.kind = COMMAND_KIND_slotMute, command.flags = COMMAND_FLAGS_on;
    return command;
}

// Frames from the first one that sounds differently to the last; what sounds is constant.
static int ramp_frames(const char *constant, const char *path, enum moved moved, int block) {
    static struct bench bench;
    configure(&bench, 8);
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", constant);
    snprintf((char *)bench.config.outputPath, sizeof bench.config.outputPath, "%s", path);
    if (moved != MONITOR) bench.config.flags &= ~(uint32_t)CONFIG_FLAGS_monitor;
    start_engine(&bench);
    int done = 0;
    step_to(&bench, &done, BAR_FRAMES + 4096, block);
    if (moved != MONITOR) send_command(&bench, press(0, 1, 1));
    send_command(&bench, command_of(moved));
    step_to(&bench, &done, LAST_FRAME, block);
    end_engine(&bench);
    static float master[2 * LAST_FRAME];
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 58, SEEK_SET) != 0) fail("no master");
    if (fread(master, 8, LAST_FRAME, file) != LAST_FRAME) fail("the master is too short");
    fclose(file);
    float before = master[2 * PRESS_FRAME - 2], after = master[2 * LAST_FRAME - 2];
    int first = PRESS_FRAME - 4096, last = LAST_FRAME - 1;
    while (first < last && master[2 * first] == before) first++;
    while (last > first && master[2 * last - 2] == after) last--;
    if (first != PRESS_FRAME || before == 0 || after != 0) fail("frame %d moved first", first);
    return last - first + 1;
}

// ramps CONSTANT MASTER: each of them in blocks of many lengths.
void measure_ramps(char **args) {
    static const int sizes[] = {1, 16, 33, 64, 100, 256, 512, 1024, 4096};
    int least = LAST_FRAME, most = 0, differing = 0;
    for (int moved = 0; moved < MOVED_COUNT; moved++) {
        int usual = 0;
        for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++) {
            int frames = ramp_frames(args[0], args[1], (enum moved)moved, sizes[index]);
            if (index == 0) usual = frames;
            if (frames != usual) differing++;
            if (frames < least) least = frames;
            if (frames > most) most = frames;
        }
    }
    printf("{\"least\":%d,\"most\":%d,\"differing\":%d}\n", least, most, differing);
}
