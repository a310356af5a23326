/*
 *   jack-witness FILE
 *
 * Two clients of a JACK server around one named FlowZone. One plays a signal in which every sample is
 * the number of its frame and channel, by the server's own count from here on; the other notes what it
 * hears on the left: blocks of a frame's number, a count and so many samples. They are written to FILE
 * when the input ends. No number comes twice: there are enough for 174 seconds at 48 kHz.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct client client;
typedef struct port port;
client *jack_client_open(const char *, int, int *, ...);
int jack_client_close(client *);
int jack_activate(client *);
int jack_connect(client *, const char *, const char *);
uint32_t jack_frame_time(const client *);
uint32_t jack_last_frame_time(const client *);
port *jack_port_register(client *, const char *, const char *, unsigned long, unsigned long);
void *jack_port_get_buffer(port *, uint32_t);
int jack_set_process_callback(client *, int (*)(uint32_t, void *), void *);

enum { NO_START_SERVER = 1, IS_INPUT = 1, IS_OUTPUT = 2, HEAD_WORDS = 2 };
enum { CODES = 1 << 24, FRAMES_MAX = CODES / 2, BLOCK_FRAMES_MIN = 16 };
#define AUDIO "32 bit float mono audio"

static uint32_t origin;
static client *speaker, *hearer;
static port *said[2], *heard;
/* Samples as the words that they are. */
static uint32_t *notes;
static size_t noted, room;

static int speak(uint32_t frames, void *arg) {
    uint32_t first = jack_last_frame_time(speaker) - origin;
    (void)arg;
    for (uint32_t side = 0; side < 2; side++) {
        float *out = jack_port_get_buffer(said[side], frames);
        for (uint32_t at = 0; at < frames; at++) {
            uint32_t frame = first + at;
            out[at] = frame < FRAMES_MAX ? (float)(2 * frame + side + 1) / CODES : 0;
        }
    }
    return 0;
}

static int hear(uint32_t frames, void *arg) {
    (void)arg;
    if (room - noted < HEAD_WORDS + frames) return 0;
    notes[noted] = jack_last_frame_time(hearer) - origin;
    notes[noted + 1] = frames;
    memcpy(notes + noted + HEAD_WORDS, jack_port_get_buffer(heard, frames),
           frames * sizeof *notes);
    noted += HEAD_WORDS + frames;
    return 0;
}

static void fail(const char *what) {
    fprintf(stderr, "jack-witness: %s\n", what);
    exit(1);
}

static client *open_client(const char *name, int (*process)(uint32_t, void *)) {
    int status = 0;
    client *opened = jack_client_open(name, NO_START_SERVER, &status);
    if (!opened || jack_set_process_callback(opened, process, NULL) != 0) fail("no server");
    return opened;
}

static void join(const char *from, const char *to) {
    if (jack_connect(speaker, from, to) != 0) fail(to);
}

int main(int argc, char **argv) {
    if (argc != 2) fail("FILE");
    speaker = open_client("witness-mouth", speak);
    hearer = open_client("witness-ear", hear);
    said[0] = jack_port_register(speaker, "out_1", AUDIO, IS_OUTPUT, 0);
    said[1] = jack_port_register(speaker, "out_2", AUDIO, IS_OUTPUT, 0);
    heard = jack_port_register(hearer, "in_1", AUDIO, IS_INPUT, 0);
    if (!said[0] || !said[1] || !heard) fail("no ports");
    room = (size_t)FRAMES_MAX / BLOCK_FRAMES_MIN * (BLOCK_FRAMES_MIN + HEAD_WORDS);
    notes = calloc(room, sizeof *notes);
    if (!notes) fail("no memory");
    /* So that no page of it is new to the audio thread. */
    memset(notes, 1, room * sizeof *notes);
    origin = jack_frame_time(speaker);
    if (jack_activate(hearer) != 0 || jack_activate(speaker) != 0) fail("not activated");
    join("FlowZone:out_1", "witness-ear:in_1");
    join("witness-mouth:out_1", "FlowZone:in_1");
    join("witness-mouth:out_2", "FlowZone:in_2");
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF) {}
    jack_client_close(speaker);
    jack_client_close(hearer);
    FILE *file = fopen(argv[1], "wb");
    if (!file || fwrite(notes, sizeof *notes, noted, file) != noted || fclose(file) != 0) {
        fail("nothing could be written");
    }
    return 0;
}
