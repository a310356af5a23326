// The factory of a module: what it offers, in three levels of detail, and how one is made.
#ifndef VST3_ABI_FACTORY_H
#define VST3_ABI_FACTORY_H

#include "base.h"

typedef struct {
    char vendor[64];
    char url[256];
    char email[128];
    int32_t flags;
} v3_factory_info;

typedef struct {
    v3_id class_id;
    int32_t cardinality;
    char category[32];
    char name[64];
} v3_class_info;

typedef struct {
    v3_id class_id;
    int32_t cardinality;
    char category[32];
    char name[64];
    uint32_t flags;
    char sub_categories[128];
    char vendor[64];
    char version[64];
    char sdk_version[64];
} v3_class_info_2;

typedef struct {
    v3_id class_id;
    int32_t cardinality;
    char category[32];
    v3_char16 name[64];
    uint32_t flags;
    char sub_categories[128];
    v3_char16 vendor[64];
    v3_char16 version[64];
    v3_char16 sdk_version[64];
} v3_class_info_wide;

typedef struct v3_factory v3_factory;

// The entries up to create_instance are level 1; class_info_2 is level 2, the last two level 3.
typedef struct {
    V3_UNKNOWN(v3_factory);
    v3_result (*factory_info)(v3_factory *self, v3_factory_info *info);
    int32_t (*class_count)(v3_factory *self);
    v3_result (*class_info)(v3_factory *self, int32_t index, v3_class_info *info);
    v3_result (*create_instance)(v3_factory *self, const char *class_id, const char *interface_id,
                                 void **object);
    v3_result (*class_info_2)(v3_factory *self, int32_t index, v3_class_info_2 *info);
    v3_result (*class_info_wide)(v3_factory *self, int32_t index, v3_class_info_wide *info);
    v3_result (*set_host_context)(v3_factory *self, v3_unknown *context);
} v3_factory_table;

struct v3_factory {
    const v3_factory_table *table;
};

#define V3_CATEGORY_AUDIO "Audio Module Class"

#endif
