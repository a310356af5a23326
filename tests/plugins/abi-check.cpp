// Compares our declaration of the binary interface with the official headers, where those are there.
//
// Sizes, offsets and flags are judged by the compiler, ids by running it: the exit code is how many
// differ. `abi-check.test.ts` does both; nothing of it is in the product.
#include "pluginterfaces/base/ipluginbase.h"
#include "pluginterfaces/base/ibstream.h"
#include "pluginterfaces/vst/ivstaudioprocessor.h"
#include "pluginterfaces/vst/ivstcomponent.h"
#include "pluginterfaces/vst/ivsteditcontroller.h"
#include "pluginterfaces/vst/ivsthostapplication.h"
#include "pluginterfaces/vst/ivstmessage.h"
#include "pluginterfaces/vst/ivstattributes.h"
#include "pluginterfaces/vst/ivstevents.h"
#include "pluginterfaces/vst/ivstparameterchanges.h"
#include "pluginterfaces/vst/ivstprocesscontext.h"
#include <cstddef>
#include <cstdio>
#include <cstring>
extern "C" {
#include "abi/factory.h"
#include "abi/component.h"
#include "abi/controller.h"
#include "abi/processor.h"
#include "abi/interface-ids.h"
}
using namespace Steinberg;
using namespace Steinberg::Vst;
#define S(a, b) static_assert(sizeof(a) == sizeof(b), #a)
#define O(a, f, b, g) static_assert(offsetof(a, f) == offsetof(b, g), #a "." #f)
S(v3_factory_info, PFactoryInfo);
S(v3_class_info, PClassInfo);
S(v3_class_info_2, PClassInfo2);
S(v3_class_info_wide, PClassInfoW);
S(v3_bus_info, BusInfo);
S(v3_routing_info, RoutingInfo);
S(v3_setup, ProcessSetup);
S(v3_bus_buffers, AudioBusBuffers);
S(v3_context, ProcessContext);
S(v3_process_data, ProcessData);
S(v3_parameter_info, ParameterInfo);
S(v3_event, Event);
S(v3_note_on, NoteOnEvent);
S(v3_note_off, NoteOffEvent);
O(v3_context, tempo_bpm, ProcessContext, tempo);
O(v3_context, project_beat, ProcessContext, projectTimeMusic);
O(v3_context, signature_numerator, ProcessContext, timeSigNumerator);
O(v3_context, samples_to_clock, ProcessContext, samplesToNextClock);
O(v3_process_data, inputs, ProcessData, inputs);
O(v3_process_data, context, ProcessData, processContext);
O(v3_bus_buffers, channels, AudioBusBuffers, channelBuffers32);
O(v3_parameter_info, default_value, ParameterInfo, defaultNormalizedValue);
O(v3_parameter_info, flags, ParameterInfo, flags);
O(v3_event, body, Event, noteOn);
O(v3_class_info_wide, sdk_version, PClassInfoW, sdkVersion);
O(v3_bus_info, flags, BusInfo, flags);
static_assert(V3_CONTEXT_PLAYING == ProcessContext::kPlaying, "value");
static_assert(V3_CONTEXT_BEAT_VALID == ProcessContext::kProjectTimeMusicValid, "value");
static_assert(V3_CONTEXT_TEMPO_VALID == ProcessContext::kTempoValid, "value");
static_assert(V3_CONTEXT_BAR_VALID == ProcessContext::kBarPositionValid, "value");
static_assert(V3_CONTEXT_SIGNATURE_VALID == ProcessContext::kTimeSigValid, "value");
static_assert(V3_CONTEXT_CONTINUOUS_VALID == ProcessContext::kContTimeValid, "value");
static_assert(V3_RESTART_LATENCY == kLatencyChanged, "value");
static_assert(V3_RESTART_VALUES == kParamValuesChanged, "value");
static_assert(V3_RESTART_BUSSES == kIoChanged, "value");
static_assert(V3_RESTART_TITLES == kParamTitlesChanged, "value");
static_assert(V3_OK == kResultOk, "value");
static_assert(V3_NO_INTERFACE == kNoInterface, "value");
static_assert(V3_NOT_IMPLEMENTED == kNotImplemented, "value");
static_assert(V3_OUT_OF_MEMORY == kOutOfMemory, "value");
static_assert(V3_INVALID_ARGUMENT == kInvalidArgument, "value");
#define I(n) {#n, &n##_iid}

static const struct {
    const char *name;
    const TUID *id;
} OFFICIAL[] = {
    I(FUnknown),
    I(IPluginBase),
    I(IPluginFactory),
    I(IPluginFactory2),
    I(IPluginFactory3),
    I(IComponent),
    I(IAudioProcessor),
    I(IEditController),
    I(IConnectionPoint),
    I(IComponentHandler),
    I(IHostApplication),
    I(IMessage),
    I(IAttributeList),
    I(IBStream),
    I(IParameterChanges),
    I(IParamValueQueue),
    I(IEventList),
};

static bool is_ours(const char *name, const TUID &id) {
    for (const v3_named_id &ours : V3_NAMED_IDS) {
        if (strcmp(ours.name, name) == 0) return memcmp(ours.id, id, sizeof(TUID)) == 0;
    }
    return false;
}

int main() {
    int differing = 0;
    for (const auto &official : OFFICIAL) {
        if (is_ours(official.name, *official.id)) continue;
        printf("%s differs\n", official.name);
        differing++;
    }
    static_assert(sizeof OFFICIAL / sizeof OFFICIAL[0] == V3_NAMED_ID_COUNT, "one is missing");
    return differing;
}
