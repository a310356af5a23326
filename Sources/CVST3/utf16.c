#include "utf16.h"

enum { REPLACEMENT = 0xFFFD };

static int is_high(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
static int is_low(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

static size_t encode(uint32_t code, char bytes[4]) {
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (char)(0xC0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        bytes[0] = (char)(0xE0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    bytes[0] = (char)(0xF0 | code >> 18);
    bytes[1] = (char)(0x80 | (code >> 12 & 0x3F));
    bytes[2] = (char)(0x80 | (code >> 6 & 0x3F));
    bytes[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

void vst3_utf8_of(const v3_char16 *text, size_t length, char *out, size_t bytes) {
    size_t used = 0;
    for (size_t i = 0; i < length && text[i]; i++) {
        uint32_t code = text[i];
        if (is_high(code) && i + 1 < length && is_low(text[i + 1])) {
            code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00u);
        } else if (is_high(code) || is_low(code)) {
            code = REPLACEMENT;
        }
        char encoded[4];
        size_t size = encode(code, encoded);
        if (used + size + 1 > bytes) break;
        for (size_t k = 0; k < size; k++) out[used++] = encoded[k];
    }
    out[used] = 0;
}

void vst3_utf16_of_ascii(const char *text, v3_char16 *out, size_t length) {
    size_t i = 0;
    for (; text[i] && i + 1 < length; i++) out[i] = (v3_char16)(unsigned char)text[i];
    out[i] = 0;
}
