#include "module.h"

#include <stdio.h>
#include <stdlib.h>

#include "host-application.h"

int vst3_module_open(const char *bundle, vst3_module **module_out, char *error) {
    error[0] = 0;
    vst3_module *module = calloc(1, sizeof *module);
    if (!module) return VST3_NO_MEMORY;
    int result = vst3_binary_open(bundle, &module->binary, error);
    if (result != VST3_OK) {
        free(module);
        return result;
    }
    *module_out = module;
    return VST3_OK;
}

// The entry comes before the factory: some plug-ins keep their tables of classes in it.
int vst3_module_start(vst3_module *module, char *error) {
    error[0] = 0;
    int result = vst3_binary_enter(module->binary, error);
    if (result != VST3_OK) return result;
    v3_factory *(*get_factory)(void) =
        (v3_factory * (*)(void)) vst3_binary_symbol(module->binary, "GetPluginFactory");
    module->factory = get_factory ? get_factory() : NULL;
    if (!module->factory) {
        snprintf(error, VST3_ERROR_BYTES, "the plug-in's module has no factory");
        return VST3_NO_FACTORY;
    }
    module->level = vst3_factory_level_of(module->factory);
    if (module->level >= 3) {
        module->factory->table->set_host_context(module->factory, vst3_host_application());
    }
    return VST3_OK;
}

int vst3_factory_level(const vst3_module *module) { return module->level; }

void vst3_module_close(vst3_module *module) {
    if (module->factory) module->factory->table->release(module->factory);
    vst3_binary_close(module->binary);
    free(module);
}
