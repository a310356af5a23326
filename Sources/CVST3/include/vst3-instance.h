// Instances: one loaded plug-in, from its making to its end.
//
// The order is law; plug-ins crash in any other: create, setup, set_state, start, process, stop, and
// setup again or destroy. Every call is for the main thread except process.
#ifndef VST3_INSTANCE_H
#define VST3_INSTANCE_H

#include "vst3-module.h"

typedef struct vst3_instance vst3_instance;

// Makes an instance of the class and connects its two halves. Fails with VST3_CANNOT_CREATE,
// VST3_REFUSED (it has no sound or would not be initialised) or VST3_NO_MEMORY.
int vst3_create(vst3_module *module, const uint8_t *class_id, vst3_instance **instance_out,
                char *error);

// Agrees on busses (stereo where the plug-in lets us), rate and the longest block, and makes every
// room that processing needs. Not while started. Fails with VST3_REFUSED or VST3_NO_MEMORY.
int vst3_setup(vst3_instance *instance, double rate_hz, int32_t block_frames_max, char *error);

// Activates the busses and starts the processing. Fails with VST3_REFUSED.
int vst3_start(vst3_instance *instance, char *error);

// Ends the processing; nothing happens when it is not started.
void vst3_stop(vst3_instance *instance);

// Stops, takes apart and frees.
void vst3_destroy(vst3_instance *instance);

// The delay of the sound, in frames, as the plug-in says it now.
uint32_t vst3_latency_frames(const vst3_instance *instance);

typedef struct {
    int32_t main_input_channels; // 0: it takes no sound
    int32_t main_output_channels;
    int32_t input_channels; // of all busses
    int32_t output_channels;
    int32_t input_busses;
    int32_t output_busses;
    int32_t event_inputs;
    uint8_t is_stereo_refused;
    uint8_t is_single; // component and controller are one object
} vst3_layout;

// What was agreed on. After setup.
vst3_layout vst3_layout_of(const vst3_instance *instance);

// The whole state as one run of bytes for vst3_set_state; free it with vst3_bytes_free. Fails with
// VST3_REFUSED (the plug-in gives none) or VST3_NO_MEMORY.
int vst3_get_state(vst3_instance *instance, uint8_t **bytes_out, size_t *count_out);
void vst3_bytes_free(uint8_t *bytes);

// Restores a state of the same class. After setup, not while started. Fails with VST3_REFUSED (the
// bytes are no such state, or the plug-in does not take them) or VST3_NO_MEMORY.
int vst3_set_state(vst3_instance *instance, const uint8_t *bytes, size_t count);

enum {
    VST3_CHANGED_RELOAD = 1 << 0,  // make it anew with its state
    VST3_CHANGED_BUSSES = 1 << 1,  // stop, setup, start
    VST3_CHANGED_VALUES = 1 << 2,  // read the values again
    VST3_CHANGED_LATENCY = 1 << 3, // read the latency again; some are silent after a stop
    VST3_CHANGED_TITLES = 1 << 4,  // read the parameters again
};

// What the plug-in asked to be read again since the last call.
uint32_t vst3_take_changes(vst3_instance *instance);

#endif
