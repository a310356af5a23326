// The two shared segments between the engine and one plug-in host: the whole wall between them.
//
// One segment is written by the engine and read by the host, the other the reverse. Each begins with
// a header that both sides check, has one writer per 64-byte line, and ends with `FLOW_LANE_COUNT`
// lanes: a lane carries the audio of one run of neighbouring plug-ins of a chain. In a lane, block
// `seq` lies in slot `seq % FLOW_SLOT_COUNT`. Words that both sides touch are 64-bit and atomic. All
// offsets are in bytes from the segment's start and never change within a version.
#ifndef FLOW_SEGMENT_H
#define FLOW_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
    FLOW_SEGMENT_MAGIC = 0x315A4653,
    FLOW_SEGMENT_VERSION = 2,
    FLOW_LANE_COUNT = 24,
    FLOW_SLOT_COUNT = 8,
    FLOW_SLOT_FRAMES_MAX = 4096,
    FLOW_CHANNELS = 2,
    FLOW_POINT_COUNT_MAX = 64,
    FLOW_NOTE_COUNT_MAX = 64,
    FLOW_ECHO_COUNT = 256,
};

// What the engine says about a block. Discontinuity: what came before it in this lane was left out.
enum {
    FLOW_BLOCK_DISCONTINUITY = 1,
    FLOW_BLOCK_PLAYS = 2,
    FLOW_BLOCK_OFFLINE = 4,
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
    uint32_t lane_count;
    // Counts the lives of a host: what an earlier one left behind is never taken for new.
    uint64_t epoch;
    // 1 = nobody hears the host as it plays: it comes after those that are heard.
    uint32_t is_aside;
    uint8_t rest[20];
};

// A parameter of an instance takes a value, 0 to 1, `offset` frames into the block.
struct flow_point {
    uint32_t instance;
    uint32_t param;
    uint32_t offset;
    float value;
};

// A key goes down or up `offset` frames into the block.
struct flow_note {
    uint32_t instance;
    uint32_t offset;
    uint16_t note;
    uint8_t is_on;
    uint8_t pad;
    float velocity;
};

// A block's number, life and length. `epoch` is the host's epoch in the high half and the lane's
// generation in the low one: a result carries that of its block, so that one asked for before the
// lane was flushed is known.
struct flow_block {
    uint64_t seq;
    uint64_t epoch;
    uint32_t frames;
    uint32_t flags;
    // Grid position of the first frame.
    double beat;
    double frames_per_beat;
    uint32_t beats_per_bar;
    uint32_t unit;
    uint32_t point_count;
    uint32_t note_count;
    uint8_t rest[8];
};

// A block to process: the samples of one channel after the other.
struct flow_slot {
    struct flow_block block;
    struct flow_point points[FLOW_POINT_COUNT_MAX];
    struct flow_note notes[FLOW_NOTE_COUNT_MAX];
    float samples[FLOW_CHANNELS * FLOW_SLOT_FRAMES_MAX];
};

// A block processed: `seq`, `epoch` and `frames` of its head count, nothing else.
struct flow_result {
    struct flow_block block;
    float samples[FLOW_CHANNELS * FLOW_SLOT_FRAMES_MAX];
};

struct flow_to_lane {
    // Newest block posted.
    uint64_t posted;
    uint8_t rest[56];
    struct flow_slot slots[FLOW_SLOT_COUNT];
};

struct flow_from_lane {
    // Newest block answered.
    uint64_t done;
    uint8_t rest[56];
    struct flow_result slots[FLOW_SLOT_COUNT];
};

// Engine → host. The host maps it read-only.
struct flow_to_host {
    struct flow_segment_header header;
    // Raised once after all lanes of a block are posted; the host sleeps on its low half.
    uint64_t bell;
    uint8_t rest[56];
    struct flow_to_lane lanes[FLOW_LANE_COUNT];
};

// A parameter that a plug-in moved by itself while it processed.
struct flow_echo {
    uint32_t instance;
    uint32_t param;
    float value;
    uint32_t pad;
};

// Host → engine. The engine believes nothing in it.
struct flow_from_host {
    struct flow_segment_header header;
    // Grow while the thread that runs plug-in audio, and the main thread, are alive.
    uint64_t audio_beat;
    uint8_t rest0[56];
    uint64_t main_beat;
    uint8_t rest1[56];
    // One of FLOW_PHASE_*.
    uint64_t phase;
    // The plug-in whose code the main thread runs just now; 0 = none.
    uint64_t main_instance;
    uint8_t rest2[48];
    // How long the phase may last, in ms; 0 = what is usual for it. Written before `phase`.
    uint64_t phase_allowance_ms;
    uint8_t rest3[56];
    // The plug-in whose code the audio thread runs just now; 0 = none. After a crash this one is to
    // blame, or without it that of the main thread; after a hang that of the thread that stands still.
    uint64_t current_instance;
    uint8_t rest4[56];
    // Echoes written so far; number n lies in `echoes[n % FLOW_ECHO_COUNT]`.
    uint64_t echo_written;
    uint8_t rest5[56];
    struct flow_echo echoes[FLOW_ECHO_COUNT];
    struct flow_from_lane lanes[FLOW_LANE_COUNT];
};

_Static_assert(sizeof(struct flow_segment_header) == 64, "one line");
_Static_assert(sizeof(struct flow_block) == 64, "one line");
_Static_assert(sizeof(struct flow_point) == 16, "layout of version 2");
_Static_assert(sizeof(struct flow_note) == 16, "layout of version 2");
_Static_assert(sizeof(struct flow_echo) == 16, "layout of version 2");
_Static_assert(sizeof(struct flow_slot) == 34880, "layout of version 2");
_Static_assert(sizeof(struct flow_result) == 32832, "layout of version 2");
_Static_assert(sizeof(struct flow_to_lane) % 64 == 0, "lines");
_Static_assert(sizeof(struct flow_from_lane) % 64 == 0, "lines");
_Static_assert(offsetof(struct flow_to_host, bell) == 64, "layout of version 2");
_Static_assert(offsetof(struct flow_to_host, lanes) == 128, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, audio_beat) == 64, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, main_beat) == 128, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, phase) == 192, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, main_instance) == 200, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, phase_allowance_ms) == 256, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, current_instance) == 320, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, echo_written) == 384, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, echoes) == 448, "layout of version 2");
_Static_assert(offsetof(struct flow_from_host, lanes) == 4544, "layout of version 2");

// The lanes, for code that cannot index a C array of this size.
static inline const struct flow_to_lane *flow_to_lane_at(const struct flow_to_host *segment,
                                                         uint32_t lane) {
    return &segment->lanes[lane];
}
static inline struct flow_from_lane *flow_from_lane_at(struct flow_from_host *segment,
                                                       uint32_t lane) {
    return &segment->lanes[lane];
}
static inline const struct flow_slot *flow_slot_at(const struct flow_to_lane *lane, uint64_t seq) {
    return &lane->slots[seq % FLOW_SLOT_COUNT];
}
static inline struct flow_result *flow_result_at(struct flow_from_lane *lane, uint64_t seq) {
    return &lane->slots[seq % FLOW_SLOT_COUNT];
}
static inline const float *flow_slot_samples(const struct flow_slot *slot, uint32_t channel) {
    return slot->samples + (size_t)channel * FLOW_SLOT_FRAMES_MAX;
}
static inline float *flow_result_samples(struct flow_result *result, uint32_t channel) {
    return result->samples + (size_t)channel * FLOW_SLOT_FRAMES_MAX;
}
static inline const struct flow_point *flow_slot_points(const struct flow_slot *slot) {
    return slot->points;
}
static inline const struct flow_note *flow_slot_notes(const struct flow_slot *slot) {
    return slot->notes;
}
// In the host, audio thread only: tells that a plug-in moved a parameter.
static inline void flow_echo_write(struct flow_from_host *segment, struct flow_echo echo) {
    uint64_t written = segment->echo_written;
    segment->echoes[written % FLOW_ECHO_COUNT] = echo;
    __atomic_store_n(&segment->echo_written, written + 1, __ATOMIC_RELEASE);
}

// The atomic words, for code that has no AtomicCell.
static inline uint64_t flow_word_load(const uint64_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
static inline void flow_word_store(uint64_t *word, uint64_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

// Anonymous shared memory of a fixed size, zeroed, mapped for writing. On Linux nobody can shrink it.
// Pages come when they are touched. Returns the descriptor (close-on-exec) or -errno.
int flow_segment_create(size_t bytes, void *_Nullable *_Nonnull base_out);

// Takes memory for a part of a segment, so that no audio thread waits for its pages, or faults where
// there is none left. -errno.
int flow_segment_reserve(int fd, size_t offset, size_t bytes);

// Maps the pages of a part that was reserved, before an audio thread touches them.
void flow_segment_touch(const void *base, size_t offset, size_t bytes);

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
