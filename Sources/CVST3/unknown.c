#include "unknown.h"

#include <stddef.h>

enum { HELD = 1000 };

v3_result vst3_answer(void *self, const v3_id asked, const v3_id wanted, void **object,
                      uint32_t (*add_ref)(void *)) {
    if (!object) return V3_INVALID_ARGUMENT;
    int is_known = v3_id_equal(asked, wanted) || v3_id_equal(asked, V3_IID_UNKNOWN);
    *object = is_known ? self : NULL;
    if (!is_known) return V3_NO_INTERFACE;
    add_ref(self);
    return V3_OK;
}

uint32_t vst3_add_nothing(void *self) {
    (void)self;
    return HELD;
}
