// Our own words for the part of CoreFoundation that the C files call.
// doc: https://developer.apple.com/documentation/corefoundation
#ifndef FLOW_OWN_CORE_FOUNDATION_H
#define FLOW_OWN_CORE_FOUNDATION_H

#include <stdbool.h>
#include <stdint.h>

typedef const void *CFTypeRef;
typedef const struct flow_own_allocator *CFAllocatorRef;
typedef const struct flow_own_string *CFStringRef;
typedef const struct flow_own_number *CFNumberRef;
typedef const struct flow_own_url *CFURLRef;
typedef struct flow_own_bundle *CFBundleRef;
typedef struct flow_own_error *CFErrorRef;
typedef const struct flow_own_dictionary *CFDictionaryRef;
typedef struct flow_own_dictionary *CFMutableDictionaryRef;
typedef struct flow_own_array *CFMutableArrayRef;
typedef long CFIndex;
typedef unsigned char Boolean;
typedef uint8_t UInt8;
typedef uint32_t UInt32;
typedef int32_t OSStatus;
typedef uint32_t CFStringEncoding;
typedef CFIndex CFNumberType;

typedef struct {
    CFIndex version;
} CFDictionaryKeyCallBacks;
typedef struct {
    CFIndex version;
} CFDictionaryValueCallBacks;
typedef struct {
    CFIndex version;
} CFArrayCallBacks;

enum { noErr = 0, kCFStringEncodingUTF8 = 0x08000100, kCFNumberIntType = 9 };

extern const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks;
extern const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks;
extern const CFArrayCallBacks kCFTypeArrayCallBacks;

void CFRelease(CFTypeRef);
CFStringRef CFStringCreateWithCString(CFAllocatorRef, const char *, CFStringEncoding);
Boolean CFStringGetCString(CFStringRef, char *, CFIndex, CFStringEncoding);
CFNumberRef CFNumberCreate(CFAllocatorRef, CFNumberType, const void *);
CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef, CFIndex,
                                                 const CFDictionaryKeyCallBacks *,
                                                 const CFDictionaryValueCallBacks *);
void CFDictionarySetValue(CFMutableDictionaryRef, const void *, const void *);
CFMutableArrayRef CFArrayCreateMutable(CFAllocatorRef, CFIndex, const CFArrayCallBacks *);
void CFArrayAppendValue(CFMutableArrayRef, const void *);
CFURLRef CFURLCreateFromFileSystemRepresentation(CFAllocatorRef, const UInt8 *, CFIndex, Boolean);
CFStringRef CFErrorCopyDescription(CFErrorRef);
CFBundleRef CFBundleCreate(CFAllocatorRef, CFURLRef);
Boolean CFBundleLoadExecutableAndReturnError(CFBundleRef, CFErrorRef *);
void *CFBundleGetFunctionPointerForName(CFBundleRef, CFStringRef);

#endif
