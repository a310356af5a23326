// Parameter changes and events of a block.
#ifndef VST3_ABI_CHANGES_H
#define VST3_ABI_CHANGES_H

#include "base.h"

typedef struct v3_parameter_queue v3_parameter_queue;

typedef struct {
    V3_UNKNOWN(v3_parameter_queue);
    v3_param_id (*parameter_id)(v3_parameter_queue *self);
    int32_t (*point_count)(v3_parameter_queue *self);
    v3_result (*point)(v3_parameter_queue *self, int32_t index, int32_t *offset, double *value);
    v3_result (*add_point)(v3_parameter_queue *self, int32_t offset, double value, int32_t *index);
} v3_parameter_queue_table;

struct v3_parameter_queue {
    const v3_parameter_queue_table *table;
};

typedef struct v3_parameter_changes v3_parameter_changes;

typedef struct {
    V3_UNKNOWN(v3_parameter_changes);
    int32_t (*parameter_count)(v3_parameter_changes *self);
    v3_parameter_queue *(*parameter_data)(v3_parameter_changes *self, int32_t index);
    v3_parameter_queue *(*add_parameter_data)(v3_parameter_changes *self, const v3_param_id *id,
                                              int32_t *index);
} v3_parameter_changes_table;

struct v3_parameter_changes {
    const v3_parameter_changes_table *table;
};

enum { V3_EVENT_NOTE_ON = 0, V3_EVENT_NOTE_OFF = 1 };
enum { V3_EVENT_IS_LIVE = 1 };

typedef struct {
    int16_t channel;
    int16_t pitch;
    float tuning_cents;
    float velocity;
    int32_t length_frames;
    int32_t note_id;
} v3_note_on;

typedef struct {
    int16_t channel;
    int16_t pitch;
    float velocity;
    int32_t note_id;
    float tuning_cents;
} v3_note_off;

// The largest kind of event, which this host neither sends nor reads.
typedef struct {
    uint32_t type_id;
    int32_t note_id;
    uint32_t text_length;
    const v3_char16 *text;
} v3_note_text;

typedef struct {
    int32_t bus_index;
    int32_t offset_frames;
    double beat;
    uint16_t flags;
    uint16_t type;
    union {
        v3_note_on note_on;
        v3_note_off note_off;
        v3_note_text note_text;
    } body;
} v3_event;

typedef struct v3_event_list v3_event_list;

typedef struct {
    V3_UNKNOWN(v3_event_list);
    int32_t (*event_count)(v3_event_list *self);
    v3_result (*event)(v3_event_list *self, int32_t index, v3_event *event);
    v3_result (*add_event)(v3_event_list *self, v3_event *event);
} v3_event_list_table;

struct v3_event_list {
    const v3_event_list_table *table;
};

#endif
