// Our own words for what a newer SDK has: macOS 14.4.
// doc: https://developer.apple.com/documentation/os/os_sync_wait_on_address_with_timeout
#ifndef FLOW_OWN_OS_SYNC_H
#define FLOW_OWN_OS_SYNC_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t os_sync_wait_on_address_flags_t;
typedef uint32_t os_sync_wake_by_address_flags_t;
typedef uint32_t os_clockid_t;

enum {
    OS_SYNC_WAIT_ON_ADDRESS_NONE = 0,
    OS_SYNC_WAIT_ON_ADDRESS_SHARED = 1,
    OS_SYNC_WAKE_BY_ADDRESS_NONE = 0,
    OS_SYNC_WAKE_BY_ADDRESS_SHARED = 1,
    OS_CLOCK_MACH_ABSOLUTE_TIME = 32,
};

int os_sync_wait_on_address_with_timeout(void *addr, uint64_t value, size_t size,
                                         os_sync_wait_on_address_flags_t flags,
                                         os_clockid_t clockid, uint64_t timeout_ns);
int os_sync_wake_by_address_any(void *addr, size_t size, os_sync_wake_by_address_flags_t flags);

#endif
