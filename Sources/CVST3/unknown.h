// Reference counting for the objects that this host lends to plug-ins.
#ifndef VST3_UNKNOWN_H
#define VST3_UNKNOWN_H

#include <stdatomic.h>

#include "abi/interface-ids.h"

// Answers a question for `wanted` or the base interface with `self` itself.
v3_result vst3_answer(void *self, const v3_id asked, const v3_id wanted, void **object,
                      uint32_t (*add_ref)(void *));

// For objects that live as long as what owns them: counting them would end nothing.
uint32_t vst3_add_nothing(void *self);

#endif
