#include <string.h>

#include "abi/interface-ids.h"
#include "module.h"
#include "utf16.h"

static int has_interface(v3_factory *factory, const v3_id id) {
    void *object = NULL;
    if (factory->table->query_interface(factory, id, &object) != V3_OK || !object) return 0;
    ((v3_unknown *)object)->table->release(object);
    return 1;
}

// Level 3 first: some modules name their classes in UTF-16 only.
int vst3_factory_level_of(v3_factory *factory) {
    if (has_interface(factory, V3_IID_FACTORY_3)) return 3;
    return has_interface(factory, V3_IID_FACTORY_2) ? 2 : 1;
}

int vst3_factory_create(vst3_module *module, const v3_id class_id, const v3_id interface_id,
                        void **object_out) {
    *object_out = NULL;
    v3_result result = module->factory->table->create_instance(
        module->factory, (const char *)class_id, (const char *)interface_id, object_out);
    return result == V3_OK && *object_out ? VST3_OK : VST3_CANNOT_CREATE;
}

int32_t vst3_class_count(vst3_module *module) {
    int32_t count = module->factory->table->class_count(module->factory);
    return count < 0 ? 0 : count;
}

// A field of a class may fill its room without a closing zero.
static void copy(char *out, size_t out_bytes, const char *text, size_t bytes) {
    size_t length = 0;
    while (length < bytes && length + 1 < out_bytes && text[length]) length++;
    memcpy(out, text, length);
    out[length] = 0;
}

#define COPY(to, from) copy(to, sizeof(to), from, sizeof(from))
#define NARROW(to, from) vst3_utf8_of(from, sizeof(from) / sizeof(from[0]), to, sizeof(to))

static int read_wide(v3_factory *factory, int32_t index, vst3_class *class_out) {
    v3_class_info_wide info;
    memset(&info, 0, sizeof info);
    if (factory->table->class_info_wide(factory, index, &info) != V3_OK) return 0;
    memcpy(class_out->id, info.class_id, sizeof(v3_id));
    COPY(class_out->category, info.category);
    COPY(class_out->sub_categories, info.sub_categories);
    NARROW(class_out->name, info.name);
    NARROW(class_out->vendor, info.vendor);
    NARROW(class_out->version, info.version);
    NARROW(class_out->sdk_version, info.sdk_version);
    return 1;
}

static int read_level_2(v3_factory *factory, int32_t index, vst3_class *class_out) {
    v3_class_info_2 info;
    memset(&info, 0, sizeof info);
    if (factory->table->class_info_2(factory, index, &info) != V3_OK) return 0;
    memcpy(class_out->id, info.class_id, sizeof(v3_id));
    COPY(class_out->category, info.category);
    COPY(class_out->sub_categories, info.sub_categories);
    COPY(class_out->name, info.name);
    COPY(class_out->vendor, info.vendor);
    COPY(class_out->version, info.version);
    COPY(class_out->sdk_version, info.sdk_version);
    return 1;
}

static int read_level_1(v3_factory *factory, int32_t index, vst3_class *class_out) {
    v3_class_info info;
    memset(&info, 0, sizeof info);
    if (factory->table->class_info(factory, index, &info) != V3_OK) return 0;
    memcpy(class_out->id, info.class_id, sizeof(v3_id));
    COPY(class_out->category, info.category);
    COPY(class_out->name, info.name);
    return 1;
}

static int has_word(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
        int starts = at == list || at[-1] == '|';
        if (starts && (at[length] == 0 || at[length] == '|')) return 1;
    }
    return 0;
}

static void vendor_of_module(v3_factory *factory, vst3_class *class_out) {
    v3_factory_info info;
    memset(&info, 0, sizeof info);
    if (factory->table->factory_info(factory, &info) == V3_OK) COPY(class_out->vendor, info.vendor);
}

int vst3_class_at(vst3_module *module, int32_t index, vst3_class *class_out) {
    v3_factory *factory = module->factory;
    memset(class_out, 0, sizeof *class_out);
    int is_read = (module->level >= 3 && read_wide(factory, index, class_out)) ||
                  (module->level >= 2 && read_level_2(factory, index, class_out)) ||
                  read_level_1(factory, index, class_out);
    if (!is_read) return VST3_NO_CLASS;
    if (!class_out->vendor[0]) vendor_of_module(factory, class_out);
    class_out->is_audio = strcmp(class_out->category, V3_CATEGORY_AUDIO) == 0;
    class_out->is_instrument = has_word(class_out->sub_categories, "Instrument") != 0;
    class_out->is_effect = has_word(class_out->sub_categories, "Fx") != 0;
    return VST3_OK;
}
