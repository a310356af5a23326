// The busses of an instance: stereo is asked for, and what the plug-in makes of it is served.
#include <stdlib.h>
#include <string.h>

#include "instance.h"

typedef struct {
    int32_t count;
    int32_t main;
    int32_t channels[VST3_BUS_COUNT_MAX];
    v3_arrangement speakers[VST3_BUS_COUNT_MAX];
} plan;

static int32_t speaker_count(v3_arrangement speakers) {
    return (int32_t)__builtin_popcountll(speakers);
}

// The arrangement is believed where it names speakers, else the bus itself.
static int read_plan(vst3_instance *instance, int32_t direction, plan *plan) {
    v3_component *component = instance->component;
    v3_processor *processor = instance->processor;
    plan->count = component->table->bus_count(component, V3_MEDIA_AUDIO, direction);
    plan->main = -1;
    if (plan->count < 0 || plan->count > VST3_BUS_COUNT_MAX) return 0;
    for (int32_t i = 0; i < plan->count; i++) {
        v3_bus_info info;
        memset(&info, 0, sizeof info);
        if (component->table->bus_info(component, V3_MEDIA_AUDIO, direction, i, &info) != V3_OK)
            return 0;
        v3_arrangement speakers = 0;
        v3_result told = processor->table->arrangement(processor, direction, i, &speakers);
        plan->speakers[i] = told == V3_OK ? speakers : 0;
        plan->channels[i] = told == V3_OK ? speaker_count(speakers) : info.channel_count;
        if (plan->channels[i] < 0 || plan->channels[i] > VST3_CHANNEL_COUNT_MAX) return 0;
        if (plan->main < 0 && info.bus_type == V3_BUS_MAIN) plan->main = i;
    }
    return 1;
}

static void ask_for_stereo(vst3_instance *instance, plan in, plan out) {
    if (in.count + out.count == 0) return;
    if (in.main >= 0) in.speakers[in.main] = V3_ARRANGEMENT_STEREO;
    if (out.main >= 0) out.speakers[out.main] = V3_ARRANGEMENT_STEREO;
    v3_result result = instance->processor->table->set_arrangements(
        instance->processor, in.count ? in.speakers : NULL, in.count,
        out.count ? out.speakers : NULL, out.count);
    instance->is_stereo_refused = result != V3_OK;
}

void vst3_busses_free(vst3_busses *busses) {
    free(busses->buffers);
    free(busses->pointers);
    free(busses->samples);
    memset(busses, 0, sizeof *busses);
    busses->main = -1;
}

static int make_rooms(vst3_busses *busses, const plan *plan, int32_t frames) {
    vst3_busses_free(busses);
    busses->count = plan->count;
    busses->main = plan->main;
    for (int32_t i = 0; i < plan->count; i++) busses->channel_count += plan->channels[i];
    size_t channels = (size_t)busses->channel_count;
    busses->buffers = calloc((size_t)plan->count + 1, sizeof *busses->buffers);
    busses->pointers = calloc(channels + 1, sizeof *busses->pointers);
    busses->samples = calloc(channels * (size_t)frames + 1, sizeof *busses->samples);
    if (!busses->buffers || !busses->pointers || !busses->samples) return 0;
    for (size_t k = 0; k < channels; k++) {
        busses->pointers[k] = busses->samples + k * (size_t)frames;
    }
    float **next = busses->pointers;
    for (int32_t i = 0; i < plan->count; i++) {
        busses->buffers[i].channel_count = plan->channels[i];
        busses->buffers[i].channels = next;
        next += plan->channels[i];
    }
    return 1;
}

int vst3_arrange(vst3_instance *instance) {
    plan in, out;
    if (!read_plan(instance, V3_INPUT, &in) || !read_plan(instance, V3_OUTPUT, &out))
        return VST3_REFUSED;
    ask_for_stereo(instance, in, out);
    if (!read_plan(instance, V3_INPUT, &in) || !read_plan(instance, V3_OUTPUT, &out))
        return VST3_REFUSED;
    int32_t events =
        instance->component->table->bus_count(instance->component, V3_MEDIA_EVENT, V3_INPUT);
    instance->event_inputs = events < 0 ? 0 : events;
    int has_rooms = make_rooms(&instance->inputs, &in, instance->block_frames_max) &&
                    make_rooms(&instance->outputs, &out, instance->block_frames_max);
    return has_rooms ? VST3_OK : VST3_NO_MEMORY;
}
