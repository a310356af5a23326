// What CFlowUnit does on a Mac, on the stubs: the unit's calls are functions of the stub AudioToolbox.
#include "CFlowUnit.h"

extern void *stub_unit_open(void *unit, flow_unit_pull pull, void *context);
extern void stub_unit_close(void *opened);
extern int32_t stub_unit_render(void *opened, const void *stamp, uint32_t frames, void *list);
extern void stub_unit_parameter(void *opened, uint32_t offset_frames, uint64_t address, float value);
extern void stub_unit_midi(void *opened, uint32_t offset_frames, const uint8_t *bytes, uint32_t count);
extern void stub_unit_watch(void (*died)(void *unit));

flow_unit *flow_unit_open(void *unit, flow_unit_pull pull, void *context) {
    return stub_unit_open(unit, pull, context);
}

void flow_unit_close(flow_unit *opened) { stub_unit_close(opened); }

int32_t flow_unit_render(flow_unit *opened, const void *stamp, uint32_t frames, void *list) {
    return stub_unit_render(opened, stamp, frames, list);
}

void flow_unit_parameter(flow_unit *opened, uint32_t offset_frames, uint64_t address, float value) {
    stub_unit_parameter(opened, offset_frames, address, value);
}

void flow_unit_midi(flow_unit *opened, uint32_t offset_frames, const uint8_t *bytes, uint32_t count) {
    stub_unit_midi(opened, offset_frames, bytes, count);
}

void flow_unit_watch(void (*died)(void *unit)) { stub_unit_watch(died); }

void flow_unit_begin(void) {}
