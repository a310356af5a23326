// The few things of the system that Swift cannot reach safely or cheaply.
//
// Functions return 0 or a value on success and -errno on failure, unless they say otherwise.
#ifndef CFLOWLEAF_H
#define CFLOWLEAF_H

#include <stddef.h>
#include <stdint.h>

#include "dropouts.h"
#include "hostchild.h"
#include "jacklib.h"
#include "segment.h"
#include "sndfilelib.h"
#include "stretchlib.h"

#ifdef __cplusplus
extern "C" {
#endif

// Nanoseconds of the monotonic clock; the same clock in every process of this machine.
// Audio thread: yes (no system call on Linux and macOS).
int64_t flow_monotonic_ns(void);

// Sleeps until the monotonic clock shows `deadline_ns`; returns at once when it has passed.
void flow_sleep_until(int64_t deadline_ns);

// Asks for real-time scheduling of the calling thread. Returns 1 when it was given, else 0.
int flow_thread_real_time(void);

// The system's number of the calling thread.
int32_t flow_thread_id(void);

// 1 when that thread has real-time scheduling; 0 also when there is none of that number.
int flow_thread_is_real_time(int32_t thread);

// Lets every other thread of the machine go before the calling one, where the system can.
void flow_thread_low_priority(void);

// Lets denormal numbers become zero on the calling thread: they cost a hundredfold otherwise.
// Returns the mode that was, for flow_denormals_restore.
uint64_t flow_denormals_off(void);
void flow_denormals_restore(uint64_t mode);

// 1 when the CPU has what a build for x86-64-v3 takes for granted.
int flow_cpu_is_v3(void);

// Names the calling thread for debuggers; at most 15 bytes are kept.
void flow_thread_name(const char *name);

// The calling thread begins and ends real-time code. Without the guard library both do nothing.
void flow_rt_enter(void);
void flow_rt_exit(void);

// Takes room on the disk for the first `bytes` of an empty file, without making the file any longer.
int flow_file_reserve(int fd, int64_t bytes);

// Gives back room behind the end of a file; its time of writing stays.
int flow_file_release(int fd);

// A named piece of shared memory, mapped for reading and writing.
struct flow_shared {
    void *base;
    size_t bytes;
    int fd;
};

// Opens an existing segment of any size. -ENOENT when there is none.
int flow_shared_open(const char *name, struct flow_shared *out);

// Makes a new segment (an old one of that name is unlinked first) and reserves all its pages, so
// that it can never fault later. -ENOSPC where shared memory is too small.
int flow_shared_create(const char *name, size_t bytes, struct flow_shared *out);

// Unmaps and closes; the name stays.
void flow_shared_close(struct flow_shared *shared);

// Takes the name away; mappings live on until they are closed.
int flow_shared_unlink(const char *name);

// Anonymous, zeroed, pre-touched memory in place of a segment; freed by flow_shared_close.
int flow_anonymous_create(size_t bytes, struct flow_shared *out);

// The same, but its pages come with their first touch: not for the audio thread before that.
int flow_reserved_create(size_t bytes, struct flow_shared *out);

// The sine of x; for tables made before the audio starts.
double flow_sin(double x);

#ifdef __cplusplus
}
#endif
#endif
