#if defined(__APPLE__)
#import <Foundation/Foundation.h>

#include <stdio.h>

#include "CFlowApple.h"

int flow_apple_guard(void (*body)(void *), void *context, char *reason, size_t reason_bytes) {
    @try {
        body(context);
        return 0;
    } @catch (NSException *exception) {
        snprintf(reason, reason_bytes, "%s: %s", exception.name.UTF8String,
                 exception.reason ? exception.reason.UTF8String : "");
        return 1;
    }
}
#endif
