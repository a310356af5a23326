#if defined(__APPLE__)
#import <AVFAudio/AVFAudio.h>
#import <AppKit/AppKit.h>
#import <AudioToolbox/AudioToolbox.h>

#include <stdlib.h>

#include "CFlowUnit.h"

// Each of them is retained until the close, so that a block of sound counts nothing.
struct flow_unit {
    CFTypeRef unit;
    CFTypeRef render;
    CFTypeRef parameter;
    CFTypeRef midi;
    CFTypeRef pull;
};

flow_unit *flow_unit_open(void *raw, flow_unit_pull pull, void *context) {
    AUAudioUnit *unit = (__bridge AUAudioUnit *)raw;
    AURenderPullInputBlock pulled =
        ^AUAudioUnitStatus(AudioUnitRenderActionFlags *flags, const AudioTimeStamp *stamp,
                           AUAudioFrameCount frames, NSInteger bus, AudioBufferList *list) {
            (void)flags;
            (void)stamp;
            return pull(context, frames, bus, list);
        };
    flow_unit *opened = calloc(1, sizeof *opened);
    if (!opened) abort();
    opened->unit = CFBridgingRetain(unit);
    opened->render = CFBridgingRetain(unit.renderBlock);
    opened->parameter = CFBridgingRetain(unit.scheduleParameterBlock);
    opened->midi = CFBridgingRetain(unit.scheduleMIDIEventBlock);
    opened->pull = CFBridgingRetain([pulled copy]);
    return opened;
}

void flow_unit_close(flow_unit *opened) {
    CFTypeRef kept[] = {opened->render, opened->parameter, opened->midi, opened->pull, opened->unit};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (kept[i]) CFRelease(kept[i]);
    }
    free(opened);
}

int32_t flow_unit_render(flow_unit *opened, const void *stamp, uint32_t frames, void *list) {
    __unsafe_unretained AURenderBlock render = (__bridge AURenderBlock)opened->render;
    __unsafe_unretained AURenderPullInputBlock pull = (__bridge AURenderPullInputBlock)opened->pull;
    AudioUnitRenderActionFlags flags = 0;
    return render(&flags, stamp, frames, 0, list, pull);
}

void flow_unit_parameter(flow_unit *opened, uint32_t offset_frames, uint64_t address, float value) {
    __unsafe_unretained AUScheduleParameterBlock schedule =
        (__bridge AUScheduleParameterBlock)opened->parameter;
    schedule(AUEventSampleTimeImmediate + offset_frames, 0, address, value);
}

void flow_unit_midi(flow_unit *opened, uint32_t offset_frames, const uint8_t *bytes, uint32_t count) {
    __unsafe_unretained AUScheduleMIDIEventBlock schedule =
        (__bridge AUScheduleMIDIEventBlock)opened->midi;
    if (schedule) schedule(AUEventSampleTimeImmediate + offset_frames, 0, count, bytes);
}

void flow_unit_watch(void (*died)(void *unit)) {
    [[NSNotificationCenter defaultCenter]
        addObserverForName:(__bridge NSString *)kAudioComponentInstanceInvalidationNotification
                    object:nil
                     queue:nil
                usingBlock:^(NSNotification *notice) {
                    died((__bridge void *)notice.object);
                }];
}

void flow_unit_begin(void) {
    [NSApplication sharedApplication];
    [NSApp setActivationPolicy:NSApplicationActivationPolicyAccessory];
}
#endif
