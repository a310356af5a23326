// One block of sound through an instance. Thread: audio; nothing allocates, locks or waits here.
#ifndef VST3_PROCESS_H
#define VST3_PROCESS_H

#include "vst3-instance.h"

typedef struct {
    uint32_t id;
    int32_t offset_frames;
    double value;
} vst3_point;

typedef struct {
    int32_t offset_frames;
    int16_t pitch;
    uint8_t is_on;
    float velocity; // 0...1
} vst3_note;

typedef struct {
    const float *left_in;
    const float *right_in;
    float *left_out; // may be the inputs
    float *right_out;
    int32_t frames; // 1...block_frames_max of the setup
    const vst3_point *points;
    int32_t point_count;
    const vst3_note *notes;
    int32_t note_count;
    uint8_t is_playing;
    uint8_t is_offline;
    int64_t frame; // of the transport at the first frame
    double beat;   // the same, in beats
    double tempo_bpm; // beats a minute
    int32_t beats_per_bar;
    int32_t beat_unit; // 4: a beat is a quarter, 8: an eighth; 0 = 4
} vst3_block;

// Fails with VST3_REFUSED (not started, a block of a wrong length, or the plug-in's own failure); the
// outputs are silent then.
int vst3_process(vst3_instance *instance, const vst3_block *block);

// Parameters that the plug-in changed in the last block.
int32_t vst3_echo_count(const vst3_instance *instance);
void vst3_echo_at(const vst3_instance *instance, int32_t index, uint32_t *id, double *value);

#endif
