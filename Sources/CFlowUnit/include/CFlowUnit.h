// An Audio Unit as the audio thread plays it: Apple's blocks behind plain C. A block that is handed to
// another as an argument would be made anew in each call from Swift.
#ifndef CFLOWUNIT_H
#define CFLOWUNIT_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// The unit with all that a block of sound takes.
typedef struct flow_unit flow_unit;

// Gives `list`, an AudioBufferList, the sound of an input bus, in memory of its own or in the list's.
// Returns an OSStatus. Thread: audio.
typedef int32_t (*flow_unit_pull)(void *context, uint32_t frames, int64_t bus, void *list);

// Keeps `unit`, an AUAudioUnit with render resources, until the close. Thread: main.
flow_unit *flow_unit_open(void *unit, flow_unit_pull pull, void *context);
void flow_unit_close(flow_unit *opened);

// Plays the main output into `list`, an AudioBufferList; `stamp` is an AudioTimeStamp. Returns an
// OSStatus. Thread: audio.
int32_t flow_unit_render(flow_unit *opened, const void *stamp, uint32_t frames, void *list);

// A parameter's value from a frame of the next block on. Thread: audio.
void flow_unit_parameter(flow_unit *opened, uint32_t offset_frames, uint64_t address, float value);

// A MIDI message at a frame of the next block; nothing happens where the unit takes none. Thread: audio.
void flow_unit_midi(flow_unit *opened, uint32_t offset_frames, const uint8_t *bytes, uint32_t count);

// From now on `died` is told the AUAudioUnit whose own process has ended: on any thread, and more than
// once. Thread: main, once.
void flow_unit_watch(void (*died)(void *unit));

// Makes the process one that plug-ins take for an application. Thread: main, once, before anything else.
void flow_unit_begin(void);

#pragma clang assume_nonnull end

#endif
