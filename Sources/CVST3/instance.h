// An instance as the other files of this folder see it.
#ifndef VST3_INSTANCE_PRIVATE_H
#define VST3_INSTANCE_PRIVATE_H

#include "abi/component.h"
#include "abi/controller.h"
#include "abi/messages.h"
#include "abi/processor.h"
#include "component-handler.h"
#include "event-list.h"
#include "include/vst3-instance.h"
#include "module.h"
#include "parameter-changes.h"

enum { VST3_BUS_COUNT_MAX = 64, VST3_CHANNEL_COUNT_MAX = 128 };

// The busses of one direction with their rooms; made by setup, one run of memory for each.
typedef struct {
    int32_t count;
    int32_t main; // its place, or -1
    int32_t channel_count;
    v3_bus_buffers *buffers;
    float **pointers;
    float *samples;
} vst3_busses;

struct vst3_instance {
    vst3_module *module;
    v3_component *component;
    v3_processor *processor;
    v3_controller *controller; // NULL: it has none
    int is_single;
    v3_connection *component_point;
    v3_connection *controller_point;
    vst3_handler handler;

    double rate_hz;
    int32_t block_frames_max;
    int is_set_up;
    int is_started;
    int is_stereo_refused;

    vst3_busses inputs;
    vst3_busses outputs;
    int32_t event_inputs;
    vst3_changes *changes_in;
    vst3_changes *changes_out;
    vst3_events events_in;
    vst3_events events_out;
    v3_context context;
    v3_process_data data;
};

// arrangement.c: agrees on the busses and makes their rooms. VST3_OK, VST3_REFUSED, VST3_NO_MEMORY.
int vst3_arrange(vst3_instance *instance);
void vst3_busses_free(vst3_busses *busses);

// The object's other interface, or NULL.
void *vst3_other_interface(void *object, const v3_id id);
void vst3_give_back(void *object);

// Puts the component's state into the controller, so that both know the same values.
void vst3_tell_controller(vst3_instance *instance);

#endif
