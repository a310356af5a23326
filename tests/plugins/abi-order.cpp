// Compares the order of our tables with that of the official interfaces: a function of another place
// would be called in its stead. The exit code is how many differ.
#include "pluginterfaces/base/ibstream.h"
#include "pluginterfaces/base/ipluginbase.h"
#include "pluginterfaces/vst/ivstattributes.h"
#include "pluginterfaces/vst/ivstaudioprocessor.h"
#include "pluginterfaces/vst/ivstcomponent.h"
#include "pluginterfaces/vst/ivsteditcontroller.h"
#include "pluginterfaces/vst/ivstevents.h"
#include "pluginterfaces/vst/ivsthostapplication.h"
#include "pluginterfaces/vst/ivstmessage.h"
#include "pluginterfaces/vst/ivstparameterchanges.h"
#include <cstddef>
#include <cstdio>
#include <cstring>
extern "C" {
#include "abi/changes.h"
#include "abi/component.h"
#include "abi/controller.h"
#include "abi/factory.h"
#include "abi/messages.h"
#include "abi/processor.h"
}
using namespace Steinberg;
using namespace Steinberg::Vst;

// Where a virtual function stands in its table, in bytes: it is in its pointer.
template <typename Method> static ptrdiff_t place_of(Method method) {
    ptrdiff_t raw[2];
    static_assert(sizeof method == sizeof raw, "a pointer to a member of another form");
    memcpy(raw, &method, sizeof raw);
#if defined(__aarch64__) || defined(__arm__)
    return raw[0];
#else
    return raw[0] - 1;
#endif
}

static int compared = 0;
static int differing = 0;

static void compare(const char *name, ptrdiff_t official, size_t ours) {
    compared++;
    if (official == (ptrdiff_t)ours) return;
    printf("%s: %td, ours %zu\n", name, official, ours);
    differing++;
}

#define P(type, method, table, entry) \
    compare(#table "." #entry, place_of(&type::method), offsetof(table, entry))

// A table ends where its last function does.
#define LAST(type, method, table)                                                      \
    compare(#table " ends", place_of(&type::method) + (ptrdiff_t)sizeof(void *), sizeof(table))

static void base() {
    P(FUnknown, queryInterface, v3_unknown_table, query_interface);
    P(FUnknown, addRef, v3_unknown_table, add_ref);
    P(FUnknown, release, v3_unknown_table, release);
    P(IBStream, read, v3_stream_table, read);
    P(IBStream, write, v3_stream_table, write);
    P(IBStream, seek, v3_stream_table, seek);
    P(IBStream, tell, v3_stream_table, tell);
    LAST(IBStream, tell, v3_stream_table);
    P(IPluginFactory, getFactoryInfo, v3_factory_table, factory_info);
    P(IPluginFactory, countClasses, v3_factory_table, class_count);
    P(IPluginFactory, getClassInfo, v3_factory_table, class_info);
    P(IPluginFactory, createInstance, v3_factory_table, create_instance);
    P(IPluginFactory2, getClassInfo2, v3_factory_table, class_info_2);
    P(IPluginFactory3, getClassInfoUnicode, v3_factory_table, class_info_wide);
    P(IPluginFactory3, setHostContext, v3_factory_table, set_host_context);
    LAST(IPluginFactory3, setHostContext, v3_factory_table);
}

static void component() {
    P(IPluginBase, initialize, v3_component_table, initialize);
    P(IPluginBase, terminate, v3_component_table, terminate);
    P(IComponent, getControllerClassId, v3_component_table, controller_class_id);
    P(IComponent, setIoMode, v3_component_table, set_io_mode);
    P(IComponent, getBusCount, v3_component_table, bus_count);
    P(IComponent, getBusInfo, v3_component_table, bus_info);
    P(IComponent, getRoutingInfo, v3_component_table, routing_info);
    P(IComponent, activateBus, v3_component_table, activate_bus);
    P(IComponent, setActive, v3_component_table, set_active);
    P(IComponent, setState, v3_component_table, set_state);
    P(IComponent, getState, v3_component_table, get_state);
    LAST(IComponent, getState, v3_component_table);
    P(IAudioProcessor, setBusArrangements, v3_processor_table, set_arrangements);
    P(IAudioProcessor, getBusArrangement, v3_processor_table, arrangement);
    P(IAudioProcessor, canProcessSampleSize, v3_processor_table, can_process);
    P(IAudioProcessor, getLatencySamples, v3_processor_table, latency_frames);
    P(IAudioProcessor, setupProcessing, v3_processor_table, setup);
    P(IAudioProcessor, setProcessing, v3_processor_table, set_processing);
    P(IAudioProcessor, process, v3_processor_table, process);
    P(IAudioProcessor, getTailSamples, v3_processor_table, tail_frames);
    LAST(IAudioProcessor, getTailSamples, v3_processor_table);
}

static void controller() {
    P(IPluginBase, initialize, v3_controller_table, initialize);
    P(IEditController, setComponentState, v3_controller_table, set_component_state);
    P(IEditController, setState, v3_controller_table, set_state);
    P(IEditController, getState, v3_controller_table, get_state);
    P(IEditController, getParameterCount, v3_controller_table, parameter_count);
    P(IEditController, getParameterInfo, v3_controller_table, parameter_info);
    P(IEditController, getParamStringByValue, v3_controller_table, text_of_value);
    P(IEditController, getParamValueByString, v3_controller_table, value_of_text);
    P(IEditController, normalizedParamToPlain, v3_controller_table, plain_of_normalized);
    P(IEditController, plainParamToNormalized, v3_controller_table, normalized_of_plain);
    P(IEditController, getParamNormalized, v3_controller_table, get_normalized);
    P(IEditController, setParamNormalized, v3_controller_table, set_normalized);
    P(IEditController, setComponentHandler, v3_controller_table, set_handler);
    P(IEditController, createView, v3_controller_table, create_view);
    LAST(IEditController, createView, v3_controller_table);
    P(IComponentHandler, beginEdit, v3_component_handler_table, begin_edit);
    P(IComponentHandler, performEdit, v3_component_handler_table, perform_edit);
    P(IComponentHandler, endEdit, v3_component_handler_table, end_edit);
    P(IComponentHandler, restartComponent, v3_component_handler_table, restart);
    LAST(IComponentHandler, restartComponent, v3_component_handler_table);
}

static void messages() {
    P(IConnectionPoint, connect, v3_connection_table, connect);
    P(IConnectionPoint, disconnect, v3_connection_table, disconnect);
    P(IConnectionPoint, notify, v3_connection_table, notify);
    P(IMessage, getMessageID, v3_message_table, get_id);
    P(IMessage, setMessageID, v3_message_table, set_id);
    P(IMessage, getAttributes, v3_message_table, attributes);
    P(IHostApplication, getName, v3_host_application_table, name);
    P(IHostApplication, createInstance, v3_host_application_table, create_instance);
    P(IAttributeList, setInt, v3_attributes_table, set_int);
    P(IAttributeList, getInt, v3_attributes_table, get_int);
    P(IAttributeList, setFloat, v3_attributes_table, set_float);
    P(IAttributeList, getFloat, v3_attributes_table, get_float);
    P(IAttributeList, setString, v3_attributes_table, set_string);
    P(IAttributeList, getString, v3_attributes_table, get_string);
    P(IAttributeList, setBinary, v3_attributes_table, set_binary);
    P(IAttributeList, getBinary, v3_attributes_table, get_binary);
    LAST(IAttributeList, getBinary, v3_attributes_table);
}

static void changes() {
    P(IParamValueQueue, getParameterId, v3_parameter_queue_table, parameter_id);
    P(IParamValueQueue, getPointCount, v3_parameter_queue_table, point_count);
    P(IParamValueQueue, getPoint, v3_parameter_queue_table, point);
    P(IParamValueQueue, addPoint, v3_parameter_queue_table, add_point);
    P(IParameterChanges, getParameterCount, v3_parameter_changes_table, parameter_count);
    P(IParameterChanges, getParameterData, v3_parameter_changes_table, parameter_data);
    P(IParameterChanges, addParameterData, v3_parameter_changes_table, add_parameter_data);
    P(IEventList, getEventCount, v3_event_list_table, event_count);
    P(IEventList, getEvent, v3_event_list_table, event);
    P(IEventList, addEvent, v3_event_list_table, add_event);
    LAST(IEventList, addEvent, v3_event_list_table);
}

int main() {
    base();
    component();
    controller();
    messages();
    changes();
    fprintf(stderr, "%d places compared\n", compared);
    return differing;
}
