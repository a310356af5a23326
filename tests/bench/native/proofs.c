// Stepped proofs: that every slot plays, that no capture loses a frame, that no command is ignored.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "scenes.h"

static const int seam_frames = RATE_HZ / 100;
static const int ramp_frames = RATE_HZ * 6 / 1000;

// The master as it was written: frame n of the file is frame n of the engine.
static float *read_master(const char *path, int64_t from, int64_t frames) {
    float *samples = malloc(8 * (size_t)frames);
    FILE *file = fopen(path, "rb");
    if (!samples || !file || fseek(file, 58 + 8 * from, SEEK_SET) != 0) fail("no master");
    if (fread(samples, 8, (size_t)frames, file) != (size_t)frames) fail("the master is too short");
    fclose(file);
    return samples;
}

// Frame of the loop that sounds at `frame`; the grid began at frame 0 with beat 0.
static int64_t position_of(const EventRecord *loop, int64_t frame) {
    int64_t length = (int64_t)(loop->toFrame - loop->fromFrame);
    int64_t at = frame - (int64_t)(loop->originBeat * loop->framesPerBeat + loop->offsetFrames);
    return ((at % length) + length) % length;
}

static void open_on_noise(struct bench *bench, int slots, double bpm, char **files) {
    configure(bench, slots);
    bench->config.flags = CONFIG_FLAGS_noDisk;
    bench->config.bpm = bpm;
    snprintf((char *)bench->config.inputPath, sizeof bench->config.inputPath, "%s", files[0]);
    snprintf((char *)bench->config.outputPath, sizeof bench->config.outputPath, "%s", files[1]);
    start_engine(bench);
}

// How much of the loop in slot `slot`, moved by `shift` frames, is in the mix: 1 = all of it.
static double share_in(const float *mix, int64_t at, int frames, const EventRecord *loop,
                       int shift) {
    double together = 0, own = 0;
    for (int frame = 0; frame < frames; frame++) {
        int64_t place = position_of(loop, at + frame) + (int64_t)loop->fromFrame + shift;
        for (int side = 0; side < 2; side++) {
            double sound = noise_at(place, side, 1);
            together += sound * mix[2 * frame + side];
            own += sound * sound;
        }
    }
    return together / own;
}

// slots COUNT NOISE MASTER: loops of one bar, no two of which share a frame, all at once. Each is
// found in the mix by correlation; the mix minus all of them is what else there is.
void prove_slots(char **args) {
    int slots = atoi(args[0]);
    static struct bench bench;
    open_on_noise(&bench, slots, 300, args + 1);
    int bar = 4 * 60 * RATE_HZ / 300;
    fill_slots(&bench, slots, 1, bar);
    int64_t at = (int64_t)status_of(&bench).frame;
    for (int done = 0; done < bar; done += 4096) step(&bench, 4096);
    end_engine(&bench);
    float *mix = read_master(args[2], at, bar);
    // All windows end on the same phase: there lie all seams.
    int64_t skipped = position_of(&bench.captured[0], at);
    int frames = bar - (int)skipped - seam_frames;
    if (frames < bar / 2) fail("the seams lie badly: %d frames", frames);
    int proved = 0;
    double least = 9, most = 0, moved = 0, rest = 0, whole = 0;
    for (int slot = 0; slot < slots; slot++) {
        double share = share_in(mix, at, frames, &bench.captured[slot], 0);
        double wrong = fabs(share_in(mix, at, frames, &bench.captured[slot], bar / 2 + 1));
        proved += share > 0.5 && share < 1.5;
        least = share < least ? share : least;
        most = share > most ? share : most;
        moved = wrong > moved ? wrong : moved;
    }
    for (int sample = 0; sample < 2 * frames; sample++) {
        double sound = mix[sample];
        whole += sound * sound;
        for (int slot = 0; slot < slots; slot++) {
            const EventRecord *loop = &bench.captured[slot];
            int64_t place = position_of(loop, at + sample / 2) + (int64_t)loop->fromFrame;
            sound -= noise_at(place, sample & 1, 1);
        }
        rest += sound * sound;
    }
    printf("{\"proved\":%d,\"leastShare\":%g,\"mostShare\":%g,\"wrongShare\":%g,\"restDb\":%g}\n",
           proved, least, most, moved, 10 * log10((rest + 1e-30) / whole));
}

// commits COUNT NOISE MASTER: rolling captures of one beat at odd moments, one after the other in
// one slot; a commit is whole when what sounds until the next is its window, bit for bit.
void prove_commits(char **args) {
    int commits = atoi(args[0]);
    static struct bench bench;
    open_on_noise(&bench, 8, 300, args + 1);
    int beat = 60 * RATE_HZ / 300;
    send_command(&bench, (CommandRecord){.kind = COMMAND_KIND_meter, .a = 1, .b = 4});
    for (int done = 0; done < 3 * beat; done += 64) step(&bench, 64);
    EventRecord *taken = calloc((size_t)commits, sizeof *taken);
    for (int index = 0; index < commits; index++) {
        send_command(&bench, press(0, 1, (uint32_t)index + 1));
        int gap = beat + seam_frames + (int)(1000 * fabsf(noise_at(index, 0, 3)));
        for (int done = 0; done < gap;) {
            int run = gap - done < 512 ? gap - done : 512;
            step(&bench, run);
            done += run;
            poll_all(&bench);
        }
        taken[index] = bench.captured[0];
        if (taken[index].token != (uint32_t)index + 1) fail("commit %d was not made", index);
    }
    int64_t end = (int64_t)status_of(&bench).frame;
    end_engine(&bench);
    float *master = read_master(args[2], 0, end);
    int damaged = 0;
    int64_t compared = 0;
    for (int index = 0; index < commits; index++) {
        const EventRecord *take = &taken[index];
        int64_t length = (int64_t)(take->toFrame - take->fromFrame);
        int64_t until = index + 1 < commits ? (int64_t)taken[index + 1].frame : end;
        int64_t wrong = 0, seen = 0;
        for (int64_t frame = (int64_t)take->frame + ramp_frames; frame < until; frame++) {
            int64_t place = position_of(take, frame);
            if (place >= length - seam_frames) continue;
            seen++;
            for (int side = 0; side < 2; side++) {
                float sound = noise_at(place + (int64_t)take->fromFrame, side, 1);
                wrong += master[2 * frame + side] != sound;
            }
        }
        damaged += wrong > 0 || seen < length - ramp_frames - seam_frames;
        compared += seen;
    }
    printf("{\"commits\":%d,\"damaged\":%d,\"framesCompared\":%lld}\n", commits, damaged,
           (long long)compared);
}

// burst COUNT SLOTS: that many commands at once over all slots, each of which must be answered.
void prove_burst(char **args) {
    int commands = atoi(args[0]), slots = atoi(args[1]);
    static struct bench bench;
    configure(&bench, slots);
    start_engine(&bench);
    step(&bench, 64);
    poll_all(&bench);
    uint8_t *answers = calloc((size_t)commands, 1);
    uint64_t refusals = bench.refusals;
    for (int index = 0; index < commands; index++) {
        CommandRecord command = {.kind = COMMAND_KIND_slotGain, .slot = (uint32_t)(index % slots)};
        command.token = (uint32_t)index + 1;
        command.a = (index % 100) / 100.0;
        send_command(&bench, command);
    }
    for (int block = 0; block < 200; block++) {
        step(&bench, 64);
        do {
            poll_events(&bench);
            for (int index = 0; index < bench.event_count; index++) {
                EventRecord *event = &bench.events[index];
                if (event->kind != EVENT_KIND_applied || event->token == 0) continue;
                if (event->token <= (uint32_t)commands) answers[event->token - 1]++;
            }
        } while (bench.event_count == EVENTS_MAX);
    }
    int once = 0;
    for (int index = 0; index < commands; index++) once += answers[index] == 1;
    printf("{\"once\":%d,\"refusals\":%llu}\n", once,
           (unsigned long long)(bench.refusals - refusals));
    free(answers);
    end_engine(&bench);
}
