// The whole state of an instance: a mark, then the component's bytes and the controller's.
#include <stdlib.h>
#include <string.h>

#include "instance.h"
#include "state-stream.h"

// Mark, then two lengths of 4 bytes, little endian.
static const uint8_t MARK[8] = {'F', 'Z', 'V', 'S', 'T', '3', 0, 1};
enum { HEAD_BYTES = 16 };

static void put_length(uint8_t *out, size_t value) {
    for (int i = 0; i < 4; i++) out[i] = (uint8_t)(value >> (8 * i));
}

static size_t get_length(const uint8_t *in) {
    return (size_t)in[0] | (size_t)in[1] << 8 | (size_t)in[2] << 16 | (size_t)in[3] << 24;
}

static void rewind_stream(v3_stream *stream) {
    stream->table->seek(stream, 0, V3_SEEK_SET, NULL);
}

void vst3_tell_controller(vst3_instance *instance) {
    if (!instance->controller || instance->is_single) return;
    v3_stream *stream = vst3_stream_create(NULL, 0);
    if (!stream) return;
    if (instance->component->table->get_state(instance->component, stream) == V3_OK) {
        rewind_stream(stream);
        instance->controller->table->set_component_state(instance->controller, stream);
    }
    vst3_stream_release(stream);
}

static int join(v3_stream *component, v3_stream *controller, uint8_t **bytes_out,
                size_t *count_out) {
    size_t first = 0, second = 0;
    const uint8_t *a = vst3_stream_bytes(component, &first);
    const uint8_t *b = vst3_stream_bytes(controller, &second);
    uint8_t *bytes = malloc(HEAD_BYTES + first + second);
    if (!bytes) return VST3_NO_MEMORY;
    memcpy(bytes, MARK, sizeof MARK);
    put_length(bytes + 8, first);
    put_length(bytes + 12, second);
    if (first) memcpy(bytes + HEAD_BYTES, a, first);
    if (second) memcpy(bytes + HEAD_BYTES + first, b, second);
    *bytes_out = bytes;
    *count_out = HEAD_BYTES + first + second;
    return VST3_OK;
}

// A component that keeps no state says "not implemented"; an empty part stands for it.
int vst3_get_state(vst3_instance *instance, uint8_t **bytes_out, size_t *count_out) {
    v3_stream *component = vst3_stream_create(NULL, 0);
    v3_stream *controller = vst3_stream_create(NULL, 0);
    int result = VST3_NO_MEMORY;
    if (component && controller) {
        v3_result told = instance->component->table->get_state(instance->component, component);
        result = told == V3_OK || told == V3_NOT_IMPLEMENTED ? VST3_OK : VST3_REFUSED;
        if (instance->controller && !instance->is_single) {
            instance->controller->table->get_state(instance->controller, controller);
        }
        if (result == VST3_OK) result = join(component, controller, bytes_out, count_out);
    }
    if (component) vst3_stream_release(component);
    if (controller) vst3_stream_release(controller);
    return result;
}

void vst3_bytes_free(uint8_t *bytes) { free(bytes); }

static int restore_component(vst3_instance *instance, const uint8_t *bytes, size_t count) {
    v3_stream *stream = vst3_stream_create(bytes, count);
    if (!stream) return VST3_NO_MEMORY;
    v3_result told = instance->component->table->set_state(instance->component, stream);
    if (instance->controller && !instance->is_single) {
        rewind_stream(stream);
        instance->controller->table->set_component_state(instance->controller, stream);
    }
    vst3_stream_release(stream);
    return told == V3_OK || told == V3_NOT_IMPLEMENTED ? VST3_OK : VST3_REFUSED;
}

static int restore_controller(vst3_instance *instance, const uint8_t *bytes, size_t count) {
    if (!instance->controller || instance->is_single || count == 0) return VST3_OK;
    v3_stream *stream = vst3_stream_create(bytes, count);
    if (!stream) return VST3_NO_MEMORY;
    instance->controller->table->set_state(instance->controller, stream);
    vst3_stream_release(stream);
    return VST3_OK;
}

int vst3_set_state(vst3_instance *instance, const uint8_t *bytes, size_t count) {
    if (!instance->is_set_up || instance->is_started) return VST3_REFUSED;
    if (count < HEAD_BYTES || memcmp(bytes, MARK, sizeof MARK) != 0) return VST3_REFUSED;
    size_t first = get_length(bytes + 8);
    size_t second = get_length(bytes + 12);
    if (first > count - HEAD_BYTES || second != count - HEAD_BYTES - first) return VST3_REFUSED;
    if (first > 0) {
        int result = restore_component(instance, bytes + HEAD_BYTES, first);
        if (result != VST3_OK) return result;
    }
    return restore_controller(instance, bytes + HEAD_BYTES + first, second);
}
