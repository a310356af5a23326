// The notes of one block, in a room made before the first one.
#ifndef VST3_EVENT_LIST_H
#define VST3_EVENT_LIST_H

#include "abi/changes.h"

enum { VST3_EVENT_COUNT = 256 };

typedef struct {
    v3_event_list base;
    int32_t count;
    v3_event events[VST3_EVENT_COUNT];
} vst3_events;

// Thread: main. Thread of everything else: audio; nothing allocates.
void vst3_events_init(vst3_events *list);

// Starts or ends the note `pitch`; left out when the list is full.
void vst3_events_add_note(vst3_events *list, int32_t offset, int is_on, int16_t pitch,
                          float velocity);

#endif
