// Modules: a bundle on disk, opened, and the list of what it offers.
#ifndef VST3_MODULE_H
#define VST3_MODULE_H

#include <stddef.h>
#include <stdint.h>

// Results of this API; the first three failures are also exit codes of a scan.
enum {
    VST3_OK = 0,
    VST3_NOT_A_BUNDLE = 3,
    VST3_CANNOT_OPEN = 4,
    VST3_NO_FACTORY = 5,
    VST3_NO_CLASS = 6,
    VST3_CANNOT_CREATE = 7,
    VST3_REFUSED = 8,
    VST3_NO_MEMORY = 9,
};

enum { VST3_NAME_BYTES = 256, VST3_CATEGORY_BYTES = 128, VST3_ERROR_BYTES = 512 };

typedef struct vst3_module vst3_module;

// One class of a module; text is UTF-8 and ends with a zero.
typedef struct {
    uint8_t id[16];
    char name[VST3_NAME_BYTES];
    char vendor[VST3_NAME_BYTES]; // of the class, or of the module where the class names none
    char version[VST3_NAME_BYTES];
    char sdk_version[VST3_NAME_BYTES];
    char category[VST3_CATEGORY_BYTES];
    char sub_categories[VST3_CATEGORY_BYTES]; // separated by bars
    uint8_t is_audio;                         // can be loaded; others are editors of such
    uint8_t is_instrument;
    uint8_t is_effect;
} vst3_class;

// Loads the binary of a bundle; its static initialisers run here.
//
// Thread: main. `error` gets a sentence of at most VST3_ERROR_BYTES on failure:
// VST3_NOT_A_BUNDLE, VST3_CANNOT_OPEN or VST3_NO_MEMORY.
int vst3_module_open(const char *bundle, vst3_module **module_out, char *error);

// Enters the module and asks it for its factory. Thread: main, once, after the opening.
// Fails with VST3_CANNOT_OPEN (it refuses to be entered) or VST3_NO_FACTORY.
int vst3_module_start(vst3_module *module, char *error);

// How many classes there are, of every category. Thread: main.
int32_t vst3_class_count(vst3_module *module);

// Describes class `index`, by the most detailed level of the factory that answers. Thread: main.
// Returns VST3_NO_CLASS when no level does.
int vst3_class_at(vst3_module *module, int32_t index, vst3_class *class_out);

// The level of the factory: 1, 2 or 3. Thread: main.
int vst3_factory_level(const vst3_module *module);

// Leaves the module and unloads it. Every instance must be gone. Thread: main.
void vst3_module_close(vst3_module *module);

#endif
