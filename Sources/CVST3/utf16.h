// Text of plug-ins is UTF-16; ours is UTF-8.
#ifndef VST3_UTF16_H
#define VST3_UTF16_H

#include <stddef.h>

#include "abi/base.h"

// Writes at most `bytes` bytes with the closing zero, whole characters only; a lone surrogate becomes
// the replacement character. Reads at most `length` units, or up to the first zero.
void vst3_utf8_of(const v3_char16 *text, size_t length, char *out, size_t bytes);

// Writes plain ASCII as UTF-16 with its closing zero, at most `length` units.
void vst3_utf16_of_ascii(const char *text, v3_char16 *out, size_t length);

#endif
