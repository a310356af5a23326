// Setup, start and stop of an instance, in the one order that real plug-ins survive.
#include <stdio.h>
#include <string.h>

#include "instance.h"

static int refuse(char *error, const char *text) {
    snprintf(error, VST3_ERROR_BYTES, "%s", text);
    return VST3_REFUSED;
}

static void prepare_data(vst3_instance *instance) {
    v3_process_data *data = &instance->data;
    memset(data, 0, sizeof *data);
    data->mode = V3_MODE_REAL_TIME;
    data->sample_size = V3_SAMPLES_32;
    data->input_count = instance->inputs.count;
    data->output_count = instance->outputs.count;
    data->inputs = instance->inputs.buffers;
    data->outputs = instance->outputs.buffers;
    data->input_changes = vst3_changes_interface(instance->changes_in);
    data->output_changes = vst3_changes_interface(instance->changes_out);
    data->input_events = &instance->events_in.base;
    data->output_events = &instance->events_out.base;
    data->context = &instance->context;
    memset(&instance->context, 0, sizeof instance->context);
}

int vst3_setup(vst3_instance *instance, double rate_hz, int32_t block_frames_max, char *error) {
    error[0] = 0;
    if (instance->is_started) return refuse(error, "the plug-in is processing");
    v3_processor *processor = instance->processor;
    if (processor->table->can_process(processor, V3_SAMPLES_32) != V3_OK) {
        return refuse(error, "the plug-in does not process 32-bit samples");
    }
    instance->rate_hz = rate_hz;
    instance->block_frames_max = block_frames_max;
    int result = vst3_arrange(instance);
    if (result != VST3_OK) return refuse(error, "the plug-in's busses cannot be served");
    v3_setup setup = {V3_MODE_REAL_TIME, V3_SAMPLES_32, block_frames_max, rate_hz};
    if (processor->table->setup(processor, &setup) != V3_OK) {
        return refuse(error, "the plug-in refuses this sample rate or block");
    }
    prepare_data(instance);
    instance->is_set_up = 1;
    return VST3_OK;
}

static void activate(vst3_instance *instance, v3_bool is_on) {
    v3_component *component = instance->component;
    for (int32_t media = V3_MEDIA_AUDIO; media <= V3_MEDIA_EVENT; media++) {
        for (int32_t direction = V3_INPUT; direction <= V3_OUTPUT; direction++) {
            int32_t count = component->table->bus_count(component, media, direction);
            for (int32_t i = 0; i < count && i < VST3_BUS_COUNT_MAX; i++) {
                component->table->activate_bus(component, media, direction, i, is_on);
            }
        }
    }
}

// Some plug-ins answer the start of the processing with "not implemented" and process all the same.
int vst3_start(vst3_instance *instance, char *error) {
    error[0] = 0;
    if (!instance->is_set_up) return refuse(error, "the plug-in is not set up");
    if (instance->is_started) return VST3_OK;
    activate(instance, 1);
    v3_result result = instance->component->table->set_active(instance->component, 1);
    if (result != V3_OK && result != V3_NOT_IMPLEMENTED) {
        activate(instance, 0);
        return refuse(error, "the plug-in would not be activated");
    }
    instance->processor->table->set_processing(instance->processor, 1);
    instance->is_started = 1;
    return VST3_OK;
}

void vst3_stop(vst3_instance *instance) {
    if (!instance->is_started) return;
    instance->is_started = 0;
    instance->processor->table->set_processing(instance->processor, 0);
    instance->component->table->set_active(instance->component, 0);
    activate(instance, 0);
}

uint32_t vst3_latency_frames(const vst3_instance *instance) {
    return instance->processor->table->latency_frames(instance->processor);
}

vst3_layout vst3_layout_of(const vst3_instance *instance) {
    const vst3_busses *in = &instance->inputs;
    const vst3_busses *out = &instance->outputs;
    return (vst3_layout){
        .main_input_channels = in->main < 0 ? 0 : in->buffers[in->main].channel_count,
        .main_output_channels = out->main < 0 ? 0 : out->buffers[out->main].channel_count,
        .input_channels = in->channel_count,
        .output_channels = out->channel_count,
        .input_busses = in->count,
        .output_busses = out->count,
        .event_inputs = instance->event_inputs,
        .is_stereo_refused = instance->is_stereo_refused != 0,
        .is_single = instance->is_single != 0,
    };
}

uint32_t vst3_take_changes(vst3_instance *instance) {
    return atomic_exchange(&instance->handler.restart_flags, 0);
}
