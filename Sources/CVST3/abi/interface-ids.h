// The ids by which interfaces are asked for, as bytes in the order of Linux and macOS.
#ifndef VST3_ABI_INTERFACE_IDS_H
#define VST3_ABI_INTERFACE_IDS_H

#include "base.h"

extern const v3_id V3_IID_UNKNOWN;
extern const v3_id V3_IID_PLUGIN_BASE;
extern const v3_id V3_IID_FACTORY;
extern const v3_id V3_IID_FACTORY_2;
extern const v3_id V3_IID_FACTORY_3;
extern const v3_id V3_IID_COMPONENT;
extern const v3_id V3_IID_AUDIO_PROCESSOR;
extern const v3_id V3_IID_EDIT_CONTROLLER;
extern const v3_id V3_IID_CONNECTION_POINT;
extern const v3_id V3_IID_COMPONENT_HANDLER;
extern const v3_id V3_IID_HOST_APPLICATION;
extern const v3_id V3_IID_MESSAGE;
extern const v3_id V3_IID_ATTRIBUTE_LIST;
extern const v3_id V3_IID_STREAM;
extern const v3_id V3_IID_PARAMETER_CHANGES;
extern const v3_id V3_IID_PARAMETER_QUEUE;
extern const v3_id V3_IID_EVENT_LIST;

typedef struct {
    const char *name; // as the published description calls it
    const uint8_t *id;
} v3_named_id;

enum { V3_NAMED_ID_COUNT = 17 };

// All of the above once more, for the test that compares them with the official headers.
extern const v3_named_id V3_NAMED_IDS[V3_NAMED_ID_COUNT];

// 1 when both name the same interface or class.
int v3_id_equal(const v3_id a, const v3_id b);

#endif
