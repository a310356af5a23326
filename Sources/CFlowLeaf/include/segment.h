// The two shared segments between the engine and one plug-in host: the whole wall between them.
//
// One segment is written by the engine and read by the host, the other the reverse. Each begins with
// a header that both sides check, has one writer per 64-byte line, and ends with `FLOW_SLOT_COUNT`
// block slots: block `seq` lies in slot `seq % FLOW_SLOT_COUNT`. Words that both sides touch are
// 64-bit and atomic. All offsets are in bytes from the segment's start and never change within a
// version.
#ifndef FLOW_SEGMENT_H
#define FLOW_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
    FLOW_SEGMENT_MAGIC = 0x315A4653,
    FLOW_SEGMENT_VERSION = 1,
    FLOW_SLOT_COUNT = 8,
    FLOW_SLOT_FRAMES_MAX = 4096,
    FLOW_CHANNELS = 2,
};

// What a host is doing; outside FLOW_PHASE_RUN it may stay silent for longer.
enum {
    FLOW_PHASE_RUN = 0,
    FLOW_PHASE_LOAD = 1,
    FLOW_PHASE_ACTIVATE = 2,
    FLOW_PHASE_SET_STATE = 3,
    FLOW_PHASE_GET_STATE = 4,
};

struct flow_segment_header {
    uint32_t magic;
    uint32_t version;
    uint32_t bytes;
    uint32_t slot_count;
    uint32_t slot_frames_max;
    uint32_t channels;
    uint32_t sample_rate_hz;
    uint32_t reserved;
    // Counts the lives of a host: what an earlier one left behind is never taken for new.
    uint64_t epoch;
    uint8_t rest[24];
};

// One block: its number, its life, its length, and the samples, one channel after the other.
struct flow_slot {
    uint64_t seq;
    uint64_t epoch;
    uint32_t frames;
    uint32_t reserved;
    // Grid position of the first frame.
    double beat;
    double frames_per_beat;
    uint8_t rest[24];
    float samples[FLOW_CHANNELS * FLOW_SLOT_FRAMES_MAX];
};

// Engine → host. The host maps it read-only.
struct flow_to_host {
    struct flow_segment_header header;
    // Newest block posted; its low half is the word the host sleeps on.
    uint64_t posted;
    uint8_t rest[56];
    struct flow_slot slots[FLOW_SLOT_COUNT];
};

// Host → engine. The engine believes nothing in it.
struct flow_from_host {
    struct flow_segment_header header;
    // Newest block answered.
    uint64_t done;
    uint8_t rest0[56];
    // Grow while the thread that runs plug-in audio, and the main thread, are alive.
    uint64_t audio_beat;
    uint8_t rest1[56];
    uint64_t main_beat;
    uint8_t rest2[56];
    // One of FLOW_PHASE_*.
    uint64_t phase;
    uint8_t rest3[56];
    // The plug-in whose code runs just now: the one to blame. 0 = none.
    uint64_t current_instance;
    uint8_t rest4[56];
    struct flow_slot slots[FLOW_SLOT_COUNT];
};

_Static_assert(sizeof(struct flow_segment_header) == 64, "one line");
_Static_assert(sizeof(struct flow_slot) == 64 + 4 * FLOW_CHANNELS * FLOW_SLOT_FRAMES_MAX, "lines");
_Static_assert(offsetof(struct flow_slot, samples) == 64, "samples begin a line");
_Static_assert(offsetof(struct flow_to_host, posted) == 64, "layout of version 1");
_Static_assert(offsetof(struct flow_to_host, slots) == 128, "layout of version 1");
_Static_assert(offsetof(struct flow_from_host, done) == 64, "layout of version 1");
_Static_assert(offsetof(struct flow_from_host, audio_beat) == 128, "layout of version 1");
_Static_assert(offsetof(struct flow_from_host, main_beat) == 192, "layout of version 1");
_Static_assert(offsetof(struct flow_from_host, phase) == 256, "layout of version 1");
_Static_assert(offsetof(struct flow_from_host, current_instance) == 320, "layout of version 1");
_Static_assert(offsetof(struct flow_from_host, slots) == 384, "layout of version 1");

// The atomic words, for code that has no AtomicCell.
static inline uint64_t flow_word_load(const uint64_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
static inline void flow_word_store(uint64_t *word, uint64_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

// Anonymous shared memory of a fixed size, all its pages there, zeroed, mapped for writing. On Linux
// nobody can shrink it. Returns the descriptor (close-on-exec) or -errno.
int flow_segment_create(size_t bytes, void *_Nullable *_Nonnull base_out);

// From now on nobody who gets the descriptor can map it for writing; mappings there are stay.
int flow_segment_seal(int fd);

// Maps a segment that came as a descriptor; -EPROTO when it is not `bytes` long.
int flow_segment_map(int fd, size_t bytes, int is_writable, void *_Nullable *_Nonnull base_out);
void flow_segment_unmap(void *base, size_t bytes);

// Wakes who sleeps on the word. Audio thread: the one system call it may make.
void flow_segment_wake(void *word);

// Sleeps until the word's low half differs from `seen`, a wake, or the time is over.
void flow_segment_wait(const void *word, uint32_t seen, int64_t timeout_ns);

#pragma clang assume_nonnull end

#endif
