// The parameter changes of one block, in rooms made before the first one.
#ifndef VST3_PARAMETER_CHANGES_H
#define VST3_PARAMETER_CHANGES_H

#include "abi/changes.h"

enum { VST3_QUEUE_COUNT = 256, VST3_QUEUE_POINTS = 64 };

typedef struct vst3_changes vst3_changes;

// Thread: main. NULL without memory.
vst3_changes *vst3_changes_create(void);
void vst3_changes_destroy(vst3_changes *changes);

// The interface to hand to a plug-in. Thread: audio from here on; nothing allocates.
v3_parameter_changes *vst3_changes_interface(vst3_changes *changes);

void vst3_changes_clear(vst3_changes *changes);

// Adds a point; one that finds no room replaces the last of its parameter, or is left out when
// VST3_QUEUE_COUNT other parameters changed in this block.
void vst3_changes_add(vst3_changes *changes, v3_param_id id, int32_t offset, double value);

// How many parameters changed, and the last value of number `index`.
int32_t vst3_changes_count(const vst3_changes *changes);
void vst3_changes_last(const vst3_changes *changes, int32_t index, v3_param_id *id, double *value);

#endif
