// What a plug-in is handed for each block, and the interface that takes it.
#ifndef VST3_ABI_PROCESSOR_H
#define VST3_ABI_PROCESSOR_H

#include "base.h"
#include "changes.h"

typedef uint64_t v3_arrangement; // a bit per loudspeaker

#define V3_ARRANGEMENT_MONO ((v3_arrangement)1 << 19)
#define V3_ARRANGEMENT_STEREO ((v3_arrangement)3)

enum { V3_MODE_REAL_TIME = 0, V3_MODE_PREFETCH = 1, V3_MODE_OFFLINE = 2 };
enum { V3_SAMPLES_32 = 0 };

typedef struct {
    int32_t mode;
    int32_t sample_size;
    int32_t block_frames_max;
    double rate_hz;
} v3_setup;

typedef struct {
    int32_t channel_count;
    uint64_t silence_flags; // a bit per channel
    float **channels;
} v3_bus_buffers;

enum {
    V3_CONTEXT_PLAYING = 1 << 1,
    V3_CONTEXT_BEAT_VALID = 1 << 9,
    V3_CONTEXT_TEMPO_VALID = 1 << 10,
    V3_CONTEXT_BAR_VALID = 1 << 11,
    V3_CONTEXT_SIGNATURE_VALID = 1 << 13,
    V3_CONTEXT_CONTINUOUS_VALID = 1 << 17,
};

typedef struct {
    uint32_t state;
    double rate_hz;
    int64_t project_frame;
    int64_t system_time_ns;
    int64_t continuous_frame;
    double project_beat;
    double bar_beat;
    double cycle_start_beat;
    double cycle_end_beat;
    double tempo_bpm;
    int32_t signature_numerator;
    int32_t signature_denominator;
    struct {
        uint8_t key_note;
        uint8_t root_note;
        int16_t mask;
    } chord;
    int32_t smpte_offset;
    struct {
        uint32_t frames_per_second;
        uint32_t flags;
    } frame_rate;
    int32_t samples_to_clock;
} v3_context;

typedef struct {
    int32_t mode;
    int32_t sample_size;
    int32_t frames;
    int32_t input_count;
    int32_t output_count;
    v3_bus_buffers *inputs;
    v3_bus_buffers *outputs;
    v3_parameter_changes *input_changes;
    v3_parameter_changes *output_changes;
    v3_event_list *input_events;
    v3_event_list *output_events;
    v3_context *context;
} v3_process_data;

typedef struct v3_processor v3_processor;

typedef struct {
    V3_UNKNOWN(v3_processor);
    v3_result (*set_arrangements)(v3_processor *self, v3_arrangement *inputs, int32_t input_count,
                                  v3_arrangement *outputs, int32_t output_count);
    v3_result (*arrangement)(v3_processor *self, int32_t direction, int32_t index,
                             v3_arrangement *arrangement);
    v3_result (*can_process)(v3_processor *self, int32_t sample_size);
    uint32_t (*latency_frames)(v3_processor *self);
    v3_result (*setup)(v3_processor *self, v3_setup *setup);
    v3_result (*set_processing)(v3_processor *self, v3_bool is_on);
    v3_result (*process)(v3_processor *self, v3_process_data *data);
    uint32_t (*tail_frames)(v3_processor *self);
} v3_processor_table;

struct v3_processor {
    const v3_processor_table *table;
};

#endif
