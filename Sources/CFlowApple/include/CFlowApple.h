// What only Objective-C and CoreFoundation can do, with a plain C face.
#ifndef CFLOWAPPLE_H
#define CFLOWAPPLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Runs `body`. Returns 1 when it raised an Objective-C exception, whose name and reason are then in
// `reason`; else 0. What `body` held at that moment is leaked.
int flow_apple_guard(void (*body)(void *), void *context, char *reason, size_t reason_bytes);

// Reads a text property (global scope, main element) of an audio object as UTF-8. Returns an OSStatus.
int32_t flow_apple_text(uint32_t object, uint32_t selector, char *out, size_t out_bytes);

// Makes a private aggregate of two devices: the channels of the output's, then those of the input's. The
// output keeps the time, the input's drift is corrected. Its streams come later, by themselves.
// Returns an OSStatus; the new device is in `made`.
int32_t flow_apple_join(const char *uid, const char *output_uid, const char *input_uid,
                        uint32_t *made);

#ifdef __cplusplus
}
#endif
#endif
