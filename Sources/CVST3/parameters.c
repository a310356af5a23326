#include "include/vst3-parameters.h"

#include <string.h>

#include "instance.h"
#include "utf16.h"

int32_t vst3_parameter_count(vst3_instance *instance) {
    if (!instance->controller) return 0;
    int32_t count = instance->controller->table->parameter_count(instance->controller);
    return count < 0 ? 0 : count;
}

int vst3_parameter_at(vst3_instance *instance, int32_t index, vst3_parameter *parameter_out) {
    memset(parameter_out, 0, sizeof *parameter_out);
    v3_parameter_info info;
    memset(&info, 0, sizeof info);
    v3_controller *controller = instance->controller;
    if (!controller || controller->table->parameter_info(controller, index, &info) != V3_OK)
        return VST3_NO_CLASS;
    parameter_out->id = info.id;
    vst3_utf8_of(info.title, 128, parameter_out->title, sizeof parameter_out->title);
    vst3_utf8_of(info.units, 128, parameter_out->units, sizeof parameter_out->units);
    parameter_out->step_count = info.step_count;
    parameter_out->default_value = info.default_value;
    parameter_out->flags = (uint32_t)info.flags;
    return VST3_OK;
}

double vst3_parameter_value(vst3_instance *instance, uint32_t id) {
    if (!instance->controller) return 0;
    return instance->controller->table->get_normalized(instance->controller, id);
}

void vst3_parameter_set(vst3_instance *instance, uint32_t id, double value) {
    if (!instance->controller) return;
    instance->controller->table->set_normalized(instance->controller, id, value);
}

// A room of twice the length, for plug-ins that count it in bytes.
void vst3_parameter_text(vst3_instance *instance, uint32_t id, double value, char *text) {
    v3_char16 wide[256] = {0};
    v3_controller *controller = instance->controller;
    text[0] = 0;
    if (!controller || controller->table->text_of_value(controller, id, value, wide) != V3_OK)
        return;
    vst3_utf8_of(wide, 128, text, VST3_TEXT_BYTES);
}

int vst3_take_edit(vst3_instance *instance, uint32_t *id, double *value) {
    return vst3_handler_take(&instance->handler, id, value);
}
