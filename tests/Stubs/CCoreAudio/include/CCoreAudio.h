// Of CoreAudio what C functions are given: a Swift structure could not be.
#ifndef FLOW_OWN_CCOREAUDIO_H
#define FLOW_OWN_CCOREAUDIO_H

#include <stdint.h>

// Which property of an object: selector, direction and channel.
// doc: https://developer.apple.com/documentation/coreaudio/audioobjectpropertyaddress
struct AudioObjectPropertyAddress {
    uint32_t mSelector;
    uint32_t mScope;
    uint32_t mElement;
};
typedef struct AudioObjectPropertyAddress AudioObjectPropertyAddress;

#endif
