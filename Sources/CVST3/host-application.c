#include "host-application.h"

#include <stdlib.h>
#include <string.h>

#include "abi/messages.h"
#include "attributes.h"
#include "unknown.h"
#include "utf16.h"

typedef struct {
    v3_message base;
    atomic_uint references;
    char *id;
    v3_attributes *attributes;
} message;

static message *of(v3_message *self) { return (message *)self; }

static uint32_t message_add_ref(v3_message *self) {
    return atomic_fetch_add(&of(self)->references, 1) + 1;
}

static uint32_t message_add_ref_untyped(void *self) { return message_add_ref(self); }

static uint32_t message_release(v3_message *self) {
    uint32_t left = atomic_fetch_sub(&of(self)->references, 1) - 1;
    if (left > 0) return left;
    of(self)->attributes->table->release(of(self)->attributes);
    free(of(self)->id);
    free(self);
    return 0;
}

static v3_result message_query(v3_message *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_MESSAGE, object, message_add_ref_untyped);
}

static const char *message_get_id(v3_message *self) { return of(self)->id; }

static void message_set_id(v3_message *self, const char *id) {
    free(of(self)->id);
    of(self)->id = id ? strdup(id) : NULL;
}

static v3_attributes *message_attributes(v3_message *self) { return of(self)->attributes; }

static const v3_message_table MESSAGE_TABLE = {
    message_query,  message_add_ref, message_release,
    message_get_id, message_set_id,  message_attributes,
};

static v3_message *create_message(void) {
    message *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->base.table = &MESSAGE_TABLE;
    atomic_init(&made->references, 1);
    made->attributes = vst3_attributes_create();
    if (made->attributes) return &made->base;
    free(made);
    return NULL;
}

static uint32_t host_count(v3_host_application *self) { return vst3_add_nothing(self); }

static v3_result host_query(v3_host_application *self, const v3_id id, void **object) {
    return vst3_answer(self, id, V3_IID_HOST_APPLICATION, object, vst3_add_nothing);
}

static v3_result host_name(v3_host_application *self, v3_char16 *name) {
    (void)self;
    if (!name) return V3_INVALID_ARGUMENT;
    vst3_utf16_of_ascii("FlowZone", name, 128);
    return V3_OK;
}

static v3_result host_create(v3_host_application *self, const v3_id class_id,
                             const v3_id interface_id, void **object) {
    (void)self;
    if (!object) return V3_INVALID_ARGUMENT;
    *object = NULL;
    if (!v3_id_equal(class_id, interface_id)) return V3_NO_INTERFACE;
    if (v3_id_equal(class_id, V3_IID_MESSAGE)) {
        *object = create_message();
    } else if (v3_id_equal(class_id, V3_IID_ATTRIBUTE_LIST)) {
        *object = vst3_attributes_create();
    } else {
        return V3_NO_INTERFACE;
    }
    return *object ? V3_OK : V3_OUT_OF_MEMORY;
}

static const v3_host_application_table HOST_TABLE = {
    host_query, host_count, host_count, host_name, host_create,
};

v3_unknown *vst3_host_application(void) {
    static v3_host_application host = {&HOST_TABLE};
    return (v3_unknown *)&host;
}
