// A module as the other files of this folder see it.
#ifndef VST3_MODULE_PRIVATE_H
#define VST3_MODULE_PRIVATE_H

#include "abi/factory.h"
#include "include/vst3-module.h"

typedef struct vst3_binary vst3_binary;

struct vst3_module {
    vst3_binary *binary;
    v3_factory *factory;
    int level;
};

// binary-linux.c and binary-mac.c: a bundle's code as the system loads it.
int vst3_binary_open(const char *bundle, vst3_binary **binary_out, char *error);
int vst3_binary_enter(vst3_binary *binary, char *error);
void *vst3_binary_symbol(vst3_binary *binary, const char *name);
void vst3_binary_close(vst3_binary *binary);

// factory.c
int vst3_factory_level_of(v3_factory *factory);
int vst3_factory_create(vst3_module *module, const v3_id class_id, const v3_id interface_id,
                        void **object_out);

#endif
