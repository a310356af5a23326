// A JACK client of some stereo inputs and one output, with libjack loaded at run time: no link dependency, no header needed.
#ifndef FLOW_JACKLIB_H
#define FLOW_JACKLIB_H

#include <stdint.h>

#pragma clang assume_nonnull begin

struct flow_jack;

// Beside their sum there is room for so many sources.
#define FLOW_JACK_PAIRS_MAX 15

// Called on JACK's audio thread for each block of at most `frames_max` frames.
typedef void (*flow_jack_process)(void *context, const float *_Nullable in_left,
                                  const float *_Nullable in_right, float *out_left,
                                  float *out_right, uint32_t frames);

// The same for several pairs: planes of `stride_frames` each, left and right of one after the other.
typedef void (*flow_jack_process_pairs)(void *context, const float *planes, uint32_t pairs,
                                        uint32_t stride_frames, float *out_left, float *out_right,
                                        uint32_t frames);

// What the client tells about itself.
struct flow_jack_events {
    // Raised on the audio thread, before the block that follows: missed deadlines, and frames before that
    // block which they may have damaged.
    uint64_t *xruns;
    uint64_t *xrun_frames;
    void *context;
    // Called on a thread of libjack, never on the audio thread.
    void (*lost)(void *context);
};

// 1 when a JACK server (or PipeWire in its place) answers. Never starts one.
int flow_jack_server_running(void);

// Opens a client of a running server, with a stereo input for every two ports that can be heard. -ENOENT without libjack, -ECONNREFUSED without a server,
// -ENOMEM, -EPROTO when the ports were refused. `status_out` receives JACK's own status bits.
int flow_jack_open(const char *name, struct flow_jack *_Nullable *_Nonnull out, uint32_t *status_out);

uint32_t flow_jack_rate(const struct flow_jack *jack);
uint32_t flow_jack_pairs(const struct flow_jack *jack);
uint32_t flow_jack_block(const struct flow_jack *jack);

// 1 when the server gave its audio thread a real-time priority; 0 also before the first block.
int flow_jack_has_real_time(const struct flow_jack *jack);

// Differs between interfaces: a hash of the names that the system's ports have, never 0.
uint32_t flow_jack_device_key(const struct flow_jack *jack);

// Longest way from a capture port to us (`capture` 1) or from us to the ear (0), in frames.
uint32_t flow_jack_latency(const struct flow_jack *jack, int capture);

// Begins to call `process`, or with several pairs `process_pairs` where it is given, and connects to
// the system's ports where there are any. -ENOMEM, -EPROTO when the server refused.
int flow_jack_start(struct flow_jack *jack, flow_jack_process process,
                    flow_jack_process_pairs _Nullable process_pairs, void *context,
                    uint32_t frames_max, const struct flow_jack_events *events);

// Ends the calls: none runs when it returns. Harmless when stopped or when the server is gone.
void flow_jack_stop(struct flow_jack *jack);

// Closes and frees.
void flow_jack_close(struct flow_jack *jack);

#pragma clang assume_nonnull end

#endif
