// Named values that the two halves of a plug-in send each other.
#ifndef VST3_ATTRIBUTES_H
#define VST3_ATTRIBUTES_H

#include "abi/messages.h"

// A new empty list with one reference, or NULL without memory. Thread: any, one at a time.
v3_attributes *vst3_attributes_create(void);

#endif
