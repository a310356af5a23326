#include "include/vst3-process.h"

#include <math.h>
#include <string.h>

#include "instance.h"

static void set_context(vst3_instance *instance, const vst3_block *block) {
    v3_context *context = &instance->context;
    int32_t beats = block->beats_per_bar > 0 ? block->beats_per_bar : 4;
    int32_t unit = block->beat_unit > 0 ? block->beat_unit : 4;
    double quarters = 4.0 / unit; // of a beat: what the interface counts in
    context->state = V3_CONTEXT_BEAT_VALID | V3_CONTEXT_TEMPO_VALID | V3_CONTEXT_BAR_VALID |
                     V3_CONTEXT_SIGNATURE_VALID | V3_CONTEXT_CONTINUOUS_VALID;
    if (block->is_playing) context->state |= V3_CONTEXT_PLAYING;
    context->rate_hz = instance->rate_hz;
    context->project_frame = block->frame;
    context->continuous_frame = block->frame;
    context->project_beat = block->beat * quarters;
    context->bar_beat = floor(block->beat / beats) * beats * quarters;
    context->tempo_bpm = block->tempo_bpm > 0 ? block->tempo_bpm * quarters : 120;
    context->signature_numerator = beats;
    context->signature_denominator = unit;
}

static void set_changes(vst3_instance *instance, const vst3_block *block) {
    vst3_changes_clear(instance->changes_in);
    vst3_changes_clear(instance->changes_out);
    instance->events_in.count = 0;
    instance->events_out.count = 0;
    for (int32_t i = 0; i < block->point_count; i++) {
        const vst3_point *point = &block->points[i];
        vst3_changes_add(instance->changes_in, point->id, point->offset_frames, point->value);
    }
    if (instance->event_inputs == 0) return;
    for (int32_t i = 0; i < block->note_count; i++) {
        const vst3_note *note = &block->notes[i];
        vst3_events_add_note(&instance->events_in, note->offset_frames, note->is_on, note->pitch,
                             note->velocity);
    }
}

// Side chains and further channels hear silence, every block anew: a plug-in may write there.
static void fill_inputs(vst3_instance *instance, const vst3_block *block) {
    vst3_busses *busses = &instance->inputs;
    size_t bytes = (size_t)block->frames * sizeof(float);
    for (int32_t k = 0; k < busses->channel_count; k++) memset(busses->pointers[k], 0, bytes);
    for (int32_t i = 0; i < busses->count; i++) {
        v3_bus_buffers *bus = &busses->buffers[i];
        int32_t count = bus->channel_count;
        bus->silence_flags = count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
    }
    if (busses->main < 0) return;
    v3_bus_buffers *main = &busses->buffers[busses->main];
    main->silence_flags = 0;
    if (main->channel_count == 1) {
        for (int32_t n = 0; n < block->frames; n++) {
            main->channels[0][n] = 0.5f * (block->left_in[n] + block->right_in[n]);
        }
    } else if (main->channel_count >= 2) {
        memcpy(main->channels[0], block->left_in, bytes);
        memcpy(main->channels[1], block->right_in, bytes);
    }
}

static void clear_outputs(vst3_instance *instance, size_t bytes) {
    vst3_busses *busses = &instance->outputs;
    for (int32_t k = 0; k < busses->channel_count; k++) memset(busses->pointers[k], 0, bytes);
    for (int32_t i = 0; i < busses->count; i++) busses->buffers[i].silence_flags = 0;
}

static void silence(const vst3_block *block, size_t bytes) {
    memset(block->left_out, 0, bytes);
    memset(block->right_out, 0, bytes);
}

static void take_outputs(vst3_instance *instance, const vst3_block *block, size_t bytes) {
    vst3_busses *busses = &instance->outputs;
    v3_bus_buffers *main = busses->main < 0 ? NULL : &busses->buffers[busses->main];
    if (!main || main->channel_count == 0) {
        silence(block, bytes);
        return;
    }
    int32_t right = main->channel_count > 1 ? 1 : 0;
    memcpy(block->left_out, main->channels[0], bytes);
    memcpy(block->right_out, main->channels[right], bytes);
}

int vst3_process(vst3_instance *instance, const vst3_block *block) {
    int fits = block->frames > 0 && block->frames <= instance->block_frames_max;
    if (!instance->is_started || !fits) {
        if (block->frames > 0) silence(block, (size_t)block->frames * sizeof(float));
        return VST3_REFUSED;
    }
    size_t bytes = (size_t)block->frames * sizeof(float);
    set_context(instance, block);
    set_changes(instance, block);
    fill_inputs(instance, block);
    clear_outputs(instance, bytes);
    instance->data.mode = block->is_offline ? V3_MODE_OFFLINE : V3_MODE_REAL_TIME;
    instance->data.frames = block->frames;
    v3_result result =
        instance->processor->table->process(instance->processor, &instance->data);
    if (result != V3_OK) {
        silence(block, bytes);
        return VST3_REFUSED;
    }
    take_outputs(instance, block, bytes);
    return VST3_OK;
}

int32_t vst3_echo_count(const vst3_instance *instance) {
    return vst3_changes_count(instance->changes_out);
}

void vst3_echo_at(const vst3_instance *instance, int32_t index, uint32_t *id, double *value) {
    vst3_changes_last(instance->changes_out, index, id, value);
}
