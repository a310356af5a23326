#include "parameter-changes.h"

#include <stdlib.h>

#include "unknown.h"

typedef struct {
    int32_t offset;
    double value;
} point;

typedef struct {
    v3_parameter_queue base;
    v3_param_id id;
    int32_t count;
    point points[VST3_QUEUE_POINTS];
} queue;

// One queue more than is counted: what finds no room is written there, for plug-ins that do not
// look whether they got one.
struct vst3_changes {
    v3_parameter_changes base;
    int32_t count;
    queue queues[VST3_QUEUE_COUNT + 1];
};

static queue *queue_of(v3_parameter_queue *self) { return (queue *)self; }
static vst3_changes *of(v3_parameter_changes *self) { return (vst3_changes *)self; }

static uint32_t queue_refs(v3_parameter_queue *self) { return vst3_add_nothing(self); }

static v3_result queue_query(v3_parameter_queue *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_PARAMETER_QUEUE, object, vst3_add_nothing);
}

static v3_param_id queue_id(v3_parameter_queue *self) { return queue_of(self)->id; }
static int32_t queue_count(v3_parameter_queue *self) { return queue_of(self)->count; }

static v3_result queue_point(v3_parameter_queue *self, int32_t index, int32_t *offset,
                             double *value) {
    queue *held = queue_of(self);
    if (index < 0 || index >= held->count || !offset || !value) return V3_INVALID_ARGUMENT;
    *offset = held->points[index].offset;
    *value = held->points[index].value;
    return V3_OK;
}

static v3_result queue_add(v3_parameter_queue *self, int32_t offset, double value, int32_t *index) {
    queue *held = queue_of(self);
    int32_t at = held->count < VST3_QUEUE_POINTS ? held->count++ : VST3_QUEUE_POINTS - 1;
    held->points[at] = (point){offset, value};
    if (index) *index = at;
    return V3_OK;
}

static const v3_parameter_queue_table QUEUE_TABLE = {
    queue_query, queue_refs, queue_refs, queue_id, queue_count, queue_point, queue_add,
};

static uint32_t changes_refs(v3_parameter_changes *self) { return vst3_add_nothing(self); }

static v3_result changes_query(v3_parameter_changes *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_PARAMETER_CHANGES, object, vst3_add_nothing);
}

static int32_t changes_count(v3_parameter_changes *self) { return of(self)->count; }

static v3_parameter_queue *changes_data(v3_parameter_changes *self, int32_t index) {
    if (index < 0 || index >= of(self)->count) return NULL;
    return &of(self)->queues[index].base;
}

static v3_parameter_queue *changes_add(v3_parameter_changes *self, const v3_param_id *id,
                                       int32_t *index) {
    vst3_changes *held = of(self);
    int32_t at = 0;
    while (at < held->count && held->queues[at].id != *id) at++;
    if (at == held->count) {
        held->queues[at].id = *id;
        held->queues[at].count = 0;
        if (at < VST3_QUEUE_COUNT) held->count++;
    }
    if (index) *index = at;
    return &held->queues[at].base;
}

static const v3_parameter_changes_table CHANGES_TABLE = {
    changes_query, changes_refs, changes_refs, changes_count, changes_data, changes_add,
};

vst3_changes *vst3_changes_create(void) {
    vst3_changes *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->base.table = &CHANGES_TABLE;
    for (int i = 0; i <= VST3_QUEUE_COUNT; i++) made->queues[i].base.table = &QUEUE_TABLE;
    return made;
}

void vst3_changes_destroy(vst3_changes *changes) { free(changes); }

v3_parameter_changes *vst3_changes_interface(vst3_changes *changes) { return &changes->base; }

void vst3_changes_clear(vst3_changes *changes) { changes->count = 0; }

void vst3_changes_add(vst3_changes *changes, v3_param_id id, int32_t offset, double value) {
    int32_t at;
    queue_add(changes_add(&changes->base, &id, &at), offset, value, NULL);
}

int32_t vst3_changes_count(const vst3_changes *changes) { return changes->count; }

void vst3_changes_last(const vst3_changes *changes, int32_t index, v3_param_id *id, double *value) {
    const queue *held = &changes->queues[index];
    *id = held->id;
    *value = held->count > 0 ? held->points[held->count - 1].value : 0;
}
