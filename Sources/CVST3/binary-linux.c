#if defined(__linux__)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "abi/base.h"
#include "module.h"

#if defined(__aarch64__)
#define MACHINE "aarch64"
#else
#define MACHINE "x86_64"
#endif

struct vst3_binary {
    void *handle;
    v3_bool (*leave)(void);
    int is_entered;
};

// X.vst3/Contents/<machine>-linux/X.so, with or without a slash at the end of the bundle.
static int binary_path(const char *bundle, char path[PATH_MAX]) {
    size_t length = strlen(bundle);
    while (length > 1 && bundle[length - 1] == '/') length--;
    size_t start = length;
    while (start > 0 && bundle[start - 1] != '/') start--;
    const char suffix[] = ".vst3";
    size_t stem = length - start;
    if (stem <= sizeof suffix - 1) return 0;
    stem -= sizeof suffix - 1;
    if (memcmp(bundle + start + stem, suffix, sizeof suffix - 1) != 0) return 0;
    int written = snprintf(path, PATH_MAX, "%.*s/Contents/" MACHINE "-linux/%.*s.so", (int)length,
                           bundle, (int)stem, bundle + start);
    return written > 0 && written < PATH_MAX;
}

int vst3_binary_open(const char *bundle, vst3_binary **binary_out, char *error) {
    char path[PATH_MAX];
    struct stat info;
    if (!binary_path(bundle, path) || stat(path, &info) != 0) {
        snprintf(error, VST3_ERROR_BYTES, "%.400s holds no VST3 plug-in for this machine", bundle);
        return VST3_NOT_A_BUNDLE;
    }
    vst3_binary *binary = calloc(1, sizeof *binary);
    if (!binary) return VST3_NO_MEMORY;
    binary->handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (!binary->handle) {
        const char *reason = dlerror();
        snprintf(error, VST3_ERROR_BYTES, "%.500s", reason ? reason : path);
        free(binary);
        return VST3_CANNOT_OPEN;
    }
    *binary_out = binary;
    return VST3_OK;
}

int vst3_binary_enter(vst3_binary *binary, char *error) {
    v3_bool (*enter)(void *) = (v3_bool(*)(void *))dlsym(binary->handle, "ModuleEntry");
    binary->leave = (v3_bool(*)(void))dlsym(binary->handle, "ModuleExit");
    if (!enter || !binary->leave || !enter(binary->handle)) {
        snprintf(error, VST3_ERROR_BYTES, "the plug-in's module refuses to start");
        return VST3_CANNOT_OPEN;
    }
    binary->is_entered = 1;
    return VST3_OK;
}

void *vst3_binary_symbol(vst3_binary *binary, const char *name) {
    return dlsym(binary->handle, name);
}

void vst3_binary_close(vst3_binary *binary) {
    if (binary->is_entered) binary->leave();
    dlclose(binary->handle);
    free(binary);
}
#endif
