// Our own words for kqueue, as far as the C files use it, and how it is done on Linux: kqueue.c.
// doc: https://developer.apple.com/library/archive/documentation/System/Conceptual/ManPages_iPhoneOS/man2/kqueue.2.html
#ifndef FLOW_OWN_EVENT_H
#define FLOW_OWN_EVENT_H

#include <stdint.h>
#include <time.h>

struct kevent {
    uintptr_t ident;
    int16_t filter;
    uint16_t flags;
    uint32_t fflags;
    intptr_t data;
    void *udata;
};

enum { EVFILT_PROC = -5, EV_ADD = 0x0001 };
#define NOTE_EXIT 0x80000000u

#define EV_SET(event, a, b, c, d, e, f) \
    (*(event) = (struct kevent){(a), (b), (c), (d), (e), (f)})

int kqueue(void);
int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events,
           int event_count, const struct timespec *timeout);

#endif
