// The processing half of a plug-in: its busses, its life cycle and its state.
#ifndef VST3_ABI_COMPONENT_H
#define VST3_ABI_COMPONENT_H

#include "base.h"

enum { V3_MEDIA_AUDIO = 0, V3_MEDIA_EVENT = 1 };
enum { V3_INPUT = 0, V3_OUTPUT = 1 };
enum { V3_BUS_MAIN = 0, V3_BUS_AUX = 1 };

typedef struct {
    int32_t media_type;
    int32_t direction;
    int32_t channel_count;
    v3_string128 name;
    int32_t bus_type;
    uint32_t flags;
} v3_bus_info;

typedef struct {
    int32_t media_type;
    int32_t bus_index;
    int32_t channel;
} v3_routing_info;

typedef struct v3_component v3_component;

typedef struct {
    V3_PLUGIN_BASE(v3_component);
    v3_result (*controller_class_id)(v3_component *self, v3_id class_id);
    v3_result (*set_io_mode)(v3_component *self, int32_t mode);
    int32_t (*bus_count)(v3_component *self, int32_t media_type, int32_t direction);
    v3_result (*bus_info)(v3_component *self, int32_t media_type, int32_t direction, int32_t index,
                          v3_bus_info *info);
    v3_result (*routing_info)(v3_component *self, v3_routing_info *in, v3_routing_info *out);
    v3_result (*activate_bus)(v3_component *self, int32_t media_type, int32_t direction,
                              int32_t index, v3_bool is_on);
    v3_result (*set_active)(v3_component *self, v3_bool is_on);
    v3_result (*set_state)(v3_component *self, v3_stream *state);
    v3_result (*get_state)(v3_component *self, v3_stream *state);
} v3_component_table;

struct v3_component {
    const v3_component_table *table;
};

#endif
