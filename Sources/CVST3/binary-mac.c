#if defined(__APPLE__)
#include <CoreFoundation/CoreFoundation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/base.h"
#include "module.h"

struct vst3_binary {
    CFBundleRef bundle;
    v3_bool (*leave)(void);
    int is_entered;
};

int vst3_binary_open(const char *path, vst3_binary **binary_out, char *error) {
    vst3_binary *binary = calloc(1, sizeof *binary);
    if (!binary) return VST3_NO_MEMORY;
    CFURLRef url = CFURLCreateFromFileSystemRepresentation(NULL, (const UInt8 *)path,
                                                           (CFIndex)strlen(path), true);
    binary->bundle = url ? CFBundleCreate(NULL, url) : NULL;
    if (url) CFRelease(url);
    if (!binary->bundle) {
        snprintf(error, VST3_ERROR_BYTES, "%.400s holds no VST3 plug-in", path);
        free(binary);
        return VST3_NOT_A_BUNDLE;
    }
    CFErrorRef reason = NULL;
    if (!CFBundleLoadExecutableAndReturnError(binary->bundle, &reason)) {
        CFStringRef text = reason ? CFErrorCopyDescription(reason) : NULL;
        if (!text || !CFStringGetCString(text, error, VST3_ERROR_BYTES, kCFStringEncodingUTF8)) {
            snprintf(error, VST3_ERROR_BYTES, "%.400s cannot be loaded on this Mac", path);
        }
        if (text) CFRelease(text);
        if (reason) CFRelease(reason);
        CFRelease(binary->bundle);
        free(binary);
        return VST3_CANNOT_OPEN;
    }
    *binary_out = binary;
    return VST3_OK;
}

int vst3_binary_enter(vst3_binary *binary, char *error) {
    v3_bool (*enter)(CFBundleRef) = vst3_binary_symbol(binary, "bundleEntry");
    binary->leave = vst3_binary_symbol(binary, "bundleExit");
    if (!enter || !binary->leave || !enter(binary->bundle)) {
        snprintf(error, VST3_ERROR_BYTES, "the plug-in's module refuses to start");
        return VST3_CANNOT_OPEN;
    }
    binary->is_entered = 1;
    return VST3_OK;
}

void *vst3_binary_symbol(vst3_binary *binary, const char *name) {
    CFStringRef key = CFStringCreateWithCString(NULL, name, kCFStringEncodingUTF8);
    if (!key) return NULL;
    void *symbol = CFBundleGetFunctionPointerForName(binary->bundle, key);
    CFRelease(key);
    return symbol;
}

// The code stays mapped: Objective-C classes of a bundle cannot be taken out of a process again.
void vst3_binary_close(vst3_binary *binary) {
    if (binary->is_entered) binary->leave();
    CFRelease(binary->bundle);
    free(binary);
}
#endif
