// How the two halves of a plug-in talk to each other, and what the host lends them for it.
#ifndef VST3_ABI_MESSAGES_H
#define VST3_ABI_MESSAGES_H

#include "base.h"

typedef struct v3_attributes v3_attributes;

typedef struct {
    V3_UNKNOWN(v3_attributes);
    v3_result (*set_int)(v3_attributes *self, const char *key, int64_t value);
    v3_result (*get_int)(v3_attributes *self, const char *key, int64_t *value);
    v3_result (*set_float)(v3_attributes *self, const char *key, double value);
    v3_result (*get_float)(v3_attributes *self, const char *key, double *value);
    v3_result (*set_string)(v3_attributes *self, const char *key, const v3_char16 *text);
    v3_result (*get_string)(v3_attributes *self, const char *key, v3_char16 *text, uint32_t bytes);
    v3_result (*set_binary)(v3_attributes *self, const char *key, const void *data, uint32_t bytes);
    v3_result (*get_binary)(v3_attributes *self, const char *key, const void **data,
                            uint32_t *bytes);
} v3_attributes_table;

struct v3_attributes {
    const v3_attributes_table *table;
};

typedef struct v3_message v3_message;

typedef struct {
    V3_UNKNOWN(v3_message);
    const char *(*get_id)(v3_message *self);
    void (*set_id)(v3_message *self, const char *id);
    v3_attributes *(*attributes)(v3_message *self);
} v3_message_table;

struct v3_message {
    const v3_message_table *table;
};

typedef struct v3_connection v3_connection;

typedef struct {
    V3_UNKNOWN(v3_connection);
    v3_result (*connect)(v3_connection *self, v3_connection *other);
    v3_result (*disconnect)(v3_connection *self, v3_connection *other);
    v3_result (*notify)(v3_connection *self, v3_message *message);
} v3_connection_table;

struct v3_connection {
    const v3_connection_table *table;
};

typedef struct v3_host_application v3_host_application;

typedef struct {
    V3_UNKNOWN(v3_host_application);
    v3_result (*name)(v3_host_application *self, v3_char16 *name);
    v3_result (*create_instance)(v3_host_application *self, const v3_id class_id,
                                 const v3_id interface_id, void **object);
} v3_host_application_table;

struct v3_host_application {
    const v3_host_application_table *table;
};

#endif
