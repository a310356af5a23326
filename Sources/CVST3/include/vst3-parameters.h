// Parameters of an instance; values are normalised to 0...1. Thread: main.
#ifndef VST3_PARAMETERS_H
#define VST3_PARAMETERS_H

#include "vst3-instance.h"

enum {
    VST3_PARAMETER_AUTOMATABLE = 1 << 0,
    VST3_PARAMETER_READ_ONLY = 1 << 1,
    VST3_PARAMETER_LIST = 1 << 3,
    VST3_PARAMETER_HIDDEN = 1 << 4,
    VST3_PARAMETER_PROGRAM = 1 << 15,
    VST3_PARAMETER_BYPASS = 1 << 16,
};

enum { VST3_TEXT_BYTES = 385 }; // 128 units of UTF-16 as UTF-8

typedef struct {
    uint32_t id;
    char title[VST3_TEXT_BYTES];
    char units[VST3_TEXT_BYTES];
    int32_t step_count; // 0: continuous
    double default_value;
    uint32_t flags;
} vst3_parameter;

// 0 for a plug-in without a controller.
int32_t vst3_parameter_count(vst3_instance *instance);

// Fails with VST3_NO_CLASS when the plug-in does not describe it.
int vst3_parameter_at(vst3_instance *instance, int32_t index, vst3_parameter *parameter_out);

double vst3_parameter_value(vst3_instance *instance, uint32_t id);

// Tells the controller a value that the processor is given as a point of a block.
void vst3_parameter_set(vst3_instance *instance, uint32_t id, double value);

// The plug-in's words for a value; empty when it has none. `text` has VST3_TEXT_BYTES.
void vst3_parameter_text(vst3_instance *instance, uint32_t id, double value, char *text);

// Takes the oldest knob that the plug-in turned by itself; 0 when there is none. The processor has
// to be given it as a point of the next block.
int vst3_take_edit(vst3_instance *instance, uint32_t *id, double *value);

#endif
