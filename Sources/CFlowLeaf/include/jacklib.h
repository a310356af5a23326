// A stereo JACK client, with libjack loaded at run time: no link dependency, no header needed.
#ifndef FLOW_JACKLIB_H
#define FLOW_JACKLIB_H

#include <stdint.h>

#pragma clang assume_nonnull begin

struct flow_jack;

// Called on JACK's audio thread for each block of at most `frames_max` frames.
typedef void (*flow_jack_process)(void *context, const float *_Nullable in_left,
                                  const float *_Nullable in_right, float *out_left,
                                  float *out_right, uint32_t frames);

// What the client tells about itself; called on threads of libjack, never on the audio thread,
// except `thread_began`, which the audio thread calls once before its first block.
struct flow_jack_events {
    void *context;
    void (*thread_began)(void *context, int has_real_time);
    void (*xrun)(void *context, uint32_t late_frames);
    void (*lost)(void *context);
};

// 1 when a JACK server (or PipeWire in its place) answers. Never starts one.
int flow_jack_server_running(void);

// Opens a client of a running server. -ENOENT without libjack, -ECONNREFUSED without a server,
// -ENOMEM, -EPROTO when the ports were refused. `status_out` receives JACK's own status bits.
int flow_jack_open(const char *name, struct flow_jack *_Nullable *_Nonnull out, uint32_t *status_out);

uint32_t flow_jack_rate(const struct flow_jack *jack);
uint32_t flow_jack_block(const struct flow_jack *jack);

// Longest way from a capture port to us (`capture` 1) or from us to the ear (0), in frames.
uint32_t flow_jack_latency(const struct flow_jack *jack, int capture);

// Begins to call `process` and connects to the system's ports where there are any.
int flow_jack_start(struct flow_jack *jack, flow_jack_process process, void *context,
                    uint32_t frames_max, const struct flow_jack_events *events);

// Ends the calls: none runs when it returns. Harmless when stopped or when the server is gone.
void flow_jack_stop(struct flow_jack *jack);

// Closes and frees.
void flow_jack_close(struct flow_jack *jack);

#pragma clang assume_nonnull end

#endif
