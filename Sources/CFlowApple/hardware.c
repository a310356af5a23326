#if defined(__APPLE__)
#include <CoreAudio/CoreAudio.h>
#include <CoreFoundation/CoreFoundation.h>

#include "CFlowApple.h"

int32_t flow_apple_text(uint32_t object, uint32_t selector, char *out, size_t out_bytes) {
    AudioObjectPropertyAddress address = {selector, kAudioObjectPropertyScopeGlobal,
                                          kAudioObjectPropertyElementMain};
    CFStringRef text = NULL;
    UInt32 bytes = sizeof text;
    OSStatus status = AudioObjectGetPropertyData(object, &address, 0, NULL, &bytes, &text);
    if (status != noErr) return status;
    if (!text) return kAudioHardwareUnspecifiedError;
    Boolean fits = CFStringGetCString(text, out, (CFIndex)out_bytes, kCFStringEncodingUTF8);
    CFRelease(text);
    return fits ? noErr : kAudioHardwareBadPropertySizeError;
}

static CFStringRef text_of(const char *bytes) {
    return CFStringCreateWithCString(NULL, bytes, kCFStringEncodingUTF8);
}

static void put_number(CFMutableDictionaryRef to, const char *key, int value) {
    CFStringRef name = text_of(key);
    CFNumberRef number = CFNumberCreate(NULL, kCFNumberIntType, &value);
    if (name && number) CFDictionarySetValue(to, name, number);
    if (name) CFRelease(name);
    if (number) CFRelease(number);
}

static void put_text(CFMutableDictionaryRef to, const char *key, const char *value) {
    CFStringRef name = text_of(key);
    CFStringRef text = text_of(value);
    if (name && text) CFDictionarySetValue(to, name, text);
    if (name) CFRelease(name);
    if (text) CFRelease(text);
}

static CFMutableDictionaryRef new_dictionary(void) {
    return CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks,
                                     &kCFTypeDictionaryValueCallBacks);
}

static void add_part(CFMutableArrayRef to, const char *uid, int corrects_drift) {
    CFMutableDictionaryRef part = new_dictionary();
    if (!part) return;
    put_text(part, kAudioSubDeviceUIDKey, uid);
    put_number(part, kAudioSubDeviceDriftCompensationKey, corrects_drift);
    CFArrayAppendValue(to, part);
    CFRelease(part);
}

int32_t flow_apple_join(const char *uid, const char *output_uid, const char *input_uid,
                        uint32_t *made) {
    CFMutableDictionaryRef whole = new_dictionary();
    CFMutableArrayRef parts = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    CFStringRef list = text_of(kAudioAggregateDeviceSubDeviceListKey);
    OSStatus status = kAudioHardwareUnspecifiedError;
    if (whole && parts && list) {
        put_text(whole, kAudioAggregateDeviceUIDKey, uid);
        put_text(whole, kAudioAggregateDeviceNameKey, "FlowZone");
        put_text(whole, kAudioAggregateDeviceMainSubDeviceKey, output_uid);
        put_number(whole, kAudioAggregateDeviceIsPrivateKey, 1);
        add_part(parts, output_uid, 0);
        add_part(parts, input_uid, 1);
        CFDictionarySetValue(whole, list, parts);
        AudioObjectID device = kAudioObjectUnknown;
        status = AudioHardwareCreateAggregateDevice(whole, &device);
        *made = device;
    }
    if (list) CFRelease(list);
    if (parts) CFRelease(parts);
    if (whole) CFRelease(whole);
    return status;
}
#endif
