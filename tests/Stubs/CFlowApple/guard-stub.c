// What CFlowApple does on a Mac, on the stubs: exceptions are jumps, and nobody's is the end.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CFlowApple.h"

enum { GUARDS_MAX = 8 };

static _Thread_local jmp_buf guards[GUARDS_MAX];
static _Thread_local int guard_count;
static _Thread_local char raised[256];

int flow_apple_guard(void (*body)(void *), void *context, char *reason, size_t reason_bytes) {
    if (guard_count == GUARDS_MAX) abort();
    int mine = guard_count++;
    if (setjmp(guards[mine]) == 0) {
        body(context);
        guard_count = mine;
        return 0;
    }
    guard_count = mine;
    snprintf(reason, reason_bytes, "%s", raised);
    return 1;
}

// In place of -[NSException raise].
void stub_raise(const char *reason) {
    snprintf(raised, sizeof raised, "com.apple.coreaudio.avfaudio: %s", reason);
    if (guard_count == 0) {
        fprintf(stderr, "uncaught exception: %s\n", raised);
        fflush(stderr);
        abort();
    }
    longjmp(guards[guard_count - 1], 1);
}

// Of the stub hardware.
extern int32_t stub_hal_text(uint32_t object, uint32_t selector, char *out, size_t out_bytes);
extern int32_t stub_hal_join(const char *uid, const char *output_uid, const char *input_uid,
                             uint32_t *made);

int32_t flow_apple_text(uint32_t object, uint32_t selector, char *out, size_t out_bytes) {
    return stub_hal_text(object, selector, out, out_bytes);
}

int32_t flow_apple_join(const char *uid, const char *output_uid, const char *input_uid,
                        uint32_t *made) {
    return stub_hal_join(uid, output_uid, input_uid, made);
}
