// Our own words for the part of CoreAudio that the C files call.
// doc: https://developer.apple.com/documentation/coreaudio
#ifndef FLOW_OWN_CORE_AUDIO_H
#define FLOW_OWN_CORE_AUDIO_H

#include <CoreFoundation/CoreFoundation.h>

typedef UInt32 AudioObjectID;
typedef struct {
    UInt32 mSelector;
    UInt32 mScope;
    UInt32 mElement;
} AudioObjectPropertyAddress;

enum {
    kAudioObjectUnknown = 0,
    kAudioObjectPropertyElementMain = 0,
    kAudioObjectPropertyScopeGlobal = 'glob',
    kAudioHardwareUnspecifiedError = 'what',
    kAudioHardwareBadPropertySizeError = '!siz',
};

#define kAudioAggregateDeviceUIDKey "uid"
#define kAudioAggregateDeviceNameKey "name"
#define kAudioAggregateDeviceSubDeviceListKey "subdevices"
#define kAudioAggregateDeviceMainSubDeviceKey "master"
#define kAudioAggregateDeviceIsPrivateKey "private"
#define kAudioSubDeviceUIDKey "uid"
#define kAudioSubDeviceDriftCompensationKey "drift"

OSStatus AudioObjectGetPropertyData(AudioObjectID, const AudioObjectPropertyAddress *, UInt32,
                                    const void *, UInt32 *, void *);
OSStatus AudioHardwareCreateAggregateDevice(CFDictionaryRef, AudioObjectID *);

#endif
