#include "component-handler.h"

#include "include/vst3-instance.h"
#include "unknown.h"

static vst3_handler *of(v3_component_handler *self) { return (vst3_handler *)self; }

static uint32_t refs(v3_component_handler *self) { return vst3_add_nothing(self); }

static v3_result query(v3_component_handler *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_COMPONENT_HANDLER, object, vst3_add_nothing);
}

static v3_result accept(v3_component_handler *self, v3_param_id id) {
    (void)self;
    (void)id;
    return V3_OK;
}

// A place is free for turn n when it says n, and filled when it says n + 1.
static v3_result perform_edit(v3_component_handler *self, v3_param_id id, double value) {
    vst3_handler *handler = of(self);
    uint64_t turn = atomic_load_explicit(&handler->written, memory_order_relaxed);
    for (;;) {
        vst3_edit *place = &handler->edits[turn % VST3_EDIT_COUNT];
        uint64_t said = atomic_load_explicit(&place->turn, memory_order_acquire);
        if (said < turn) return V3_FALSE; // full: the value is read again by the flag below
        if (said == turn && atomic_compare_exchange_weak(&handler->written, &turn, turn + 1)) {
            place->id = id;
            place->value = value;
            atomic_store_explicit(&place->turn, turn + 1, memory_order_release);
            return V3_OK;
        }
        if (said != turn) turn = atomic_load_explicit(&handler->written, memory_order_relaxed);
    }
}

static v3_result perform(v3_component_handler *self, v3_param_id id, double value) {
    v3_result result = perform_edit(self, id, value);
    if (result != V3_OK) atomic_fetch_or(&of(self)->restart_flags, V3_RESTART_VALUES);
    return V3_OK;
}

static v3_result restart(v3_component_handler *self, int32_t flags) {
    atomic_fetch_or(&of(self)->restart_flags, (unsigned)flags);
    return V3_OK;
}

static const v3_component_handler_table TABLE = {
    query, refs, refs, accept, perform, accept, restart,
};

void vst3_handler_init(vst3_handler *handler) {
    handler->base.table = &TABLE;
    for (uint64_t i = 0; i < VST3_EDIT_COUNT; i++) atomic_init(&handler->edits[i].turn, i);
}

int vst3_handler_take(vst3_handler *handler, v3_param_id *id, double *value) {
    vst3_edit *place = &handler->edits[handler->read % VST3_EDIT_COUNT];
    if (atomic_load_explicit(&place->turn, memory_order_acquire) != handler->read + 1) return 0;
    *id = place->id;
    *value = place->value;
    atomic_store_explicit(&place->turn, handler->read + VST3_EDIT_COUNT, memory_order_release);
    handler->read++;
    return 1;
}
