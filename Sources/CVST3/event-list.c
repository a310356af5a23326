#include "event-list.h"

#include <string.h>

#include "unknown.h"

static vst3_events *of(v3_event_list *self) { return (vst3_events *)self; }

static uint32_t refs(v3_event_list *self) { return vst3_add_nothing(self); }

static v3_result query(v3_event_list *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_EVENT_LIST, object, vst3_add_nothing);
}

static int32_t event_count(v3_event_list *self) { return of(self)->count; }

static v3_result get_event(v3_event_list *self, int32_t index, v3_event *event) {
    if (index < 0 || index >= of(self)->count || !event) return V3_INVALID_ARGUMENT;
    *event = of(self)->events[index];
    return V3_OK;
}

static v3_result add_event(v3_event_list *self, v3_event *event) {
    if (!event) return V3_INVALID_ARGUMENT;
    if (of(self)->count == VST3_EVENT_COUNT) return V3_OUT_OF_MEMORY;
    of(self)->events[of(self)->count++] = *event;
    return V3_OK;
}

static const v3_event_list_table TABLE = {query, refs, refs, event_count, get_event, add_event};

void vst3_events_init(vst3_events *list) {
    list->base.table = &TABLE;
    list->count = 0;
}

// The pitch is the note's id as well: a key is down once.
void vst3_events_add_note(vst3_events *list, int32_t offset, int is_on, int16_t pitch,
                          float velocity) {
    v3_event event;
    memset(&event, 0, sizeof event);
    event.offset_frames = offset;
    event.flags = V3_EVENT_IS_LIVE;
    if (is_on) {
        event.type = V3_EVENT_NOTE_ON;
        event.body.note_on =
            (v3_note_on){.pitch = pitch, .velocity = velocity, .note_id = pitch};
    } else {
        event.type = V3_EVENT_NOTE_OFF;
        event.body.note_off =
            (v3_note_off){.pitch = pitch, .velocity = velocity, .note_id = pitch};
    }
    add_event(&list->base, &event);
}
