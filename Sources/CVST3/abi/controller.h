// The half of a plug-in that knows its parameters, and what it may call back.
#ifndef VST3_ABI_CONTROLLER_H
#define VST3_ABI_CONTROLLER_H

#include "base.h"

typedef struct {
    v3_param_id id;
    v3_string128 title;
    v3_string128 short_title;
    v3_string128 units;
    int32_t step_count;
    double default_value;
    int32_t unit_id;
    int32_t flags;
} v3_parameter_info;

enum {
    V3_RESTART_RELOAD = 1 << 0,
    V3_RESTART_BUSSES = 1 << 1,
    V3_RESTART_VALUES = 1 << 2,
    V3_RESTART_LATENCY = 1 << 3,
    V3_RESTART_TITLES = 1 << 4,
};

typedef struct v3_component_handler v3_component_handler;

typedef struct {
    V3_UNKNOWN(v3_component_handler);
    v3_result (*begin_edit)(v3_component_handler *self, v3_param_id id);
    v3_result (*perform_edit)(v3_component_handler *self, v3_param_id id, double value);
    v3_result (*end_edit)(v3_component_handler *self, v3_param_id id);
    v3_result (*restart)(v3_component_handler *self, int32_t flags);
} v3_component_handler_table;

struct v3_component_handler {
    const v3_component_handler_table *table;
};

typedef struct v3_controller v3_controller;

typedef struct {
    V3_PLUGIN_BASE(v3_controller);
    v3_result (*set_component_state)(v3_controller *self, v3_stream *state);
    v3_result (*set_state)(v3_controller *self, v3_stream *state);
    v3_result (*get_state)(v3_controller *self, v3_stream *state);
    int32_t (*parameter_count)(v3_controller *self);
    v3_result (*parameter_info)(v3_controller *self, int32_t index, v3_parameter_info *info);
    v3_result (*text_of_value)(v3_controller *self, v3_param_id id, double value, v3_char16 *text);
    v3_result (*value_of_text)(v3_controller *self, v3_param_id id, v3_char16 *text, double *value);
    double (*plain_of_normalized)(v3_controller *self, v3_param_id id, double value);
    double (*normalized_of_plain)(v3_controller *self, v3_param_id id, double value);
    double (*get_normalized)(v3_controller *self, v3_param_id id);
    v3_result (*set_normalized)(v3_controller *self, v3_param_id id, double value);
    v3_result (*set_handler)(v3_controller *self, v3_component_handler *handler);
    void *(*create_view)(v3_controller *self, const char *name);
} v3_controller_table;

struct v3_controller {
    const v3_controller_table *table;
};

#endif
