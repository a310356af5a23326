// What a plug-in tells its host by itself: knobs it turned, and what has to be read anew.
#ifndef VST3_COMPONENT_HANDLER_H
#define VST3_COMPONENT_HANDLER_H

#include <stdatomic.h>

#include "abi/controller.h"

enum { VST3_EDIT_COUNT = 256 };

typedef struct {
    _Atomic uint64_t turn;
    v3_param_id id;
    double value;
} vst3_edit;

// Any thread of the plug-in writes, the main thread of the host reads; nobody waits.
typedef struct {
    v3_component_handler base;
    atomic_uint restart_flags;
    _Atomic uint64_t written;
    uint64_t read;
    vst3_edit edits[VST3_EDIT_COUNT];
} vst3_handler;

void vst3_handler_init(vst3_handler *handler);

// Takes the oldest edit; 0 when there is none. Thread: main.
int vst3_handler_take(vst3_handler *handler, v3_param_id *id, double *value);

#endif
