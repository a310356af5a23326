#include "instance.h"

#include <stdio.h>
#include <stdlib.h>

#include "abi/interface-ids.h"
#include "host-application.h"

void *vst3_other_interface(void *object, const v3_id id) {
    v3_unknown *unknown = object;
    void *other = NULL;
    if (unknown->table->query_interface(unknown, id, &other) != V3_OK) return NULL;
    return other;
}

void vst3_give_back(void *object) {
    if (object) ((v3_unknown *)object)->table->release(object);
}

static int fail(char *error, int code, const char *text) {
    snprintf(error, VST3_ERROR_BYTES, "%s", text);
    return code;
}

static int make_component(vst3_instance *instance, const uint8_t *class_id, char *error) {
    void *made = NULL;
    if (vst3_factory_create(instance->module, class_id, V3_IID_COMPONENT, &made) != VST3_OK) {
        return fail(error, VST3_CANNOT_CREATE, "the plug-in has no such class");
    }
    instance->component = made;
    if (instance->component->table->initialize(made, vst3_host_application()) != V3_OK) {
        vst3_give_back(made);
        instance->component = NULL;
        return fail(error, VST3_REFUSED, "the plug-in would not be initialised");
    }
    instance->processor = vst3_other_interface(made, V3_IID_AUDIO_PROCESSOR);
    if (!instance->processor) return fail(error, VST3_REFUSED, "the plug-in processes no sound");
    return VST3_OK;
}

// One object may be both halves; a plug-in without a controller only has no parameters.
static void make_controller(vst3_instance *instance) {
    v3_component *component = instance->component;
    instance->controller = vst3_other_interface(component, V3_IID_EDIT_CONTROLLER);
    if (instance->controller) {
        instance->is_single = 1;
        return;
    }
    v3_id class_id = {0};
    void *made = NULL;
    if (component->table->controller_class_id(component, class_id) != V3_OK) return;
    if (vst3_factory_create(instance->module, class_id, V3_IID_EDIT_CONTROLLER, &made) != VST3_OK)
        return;
    v3_controller *controller = made;
    if (controller->table->initialize(controller, vst3_host_application()) != V3_OK) {
        vst3_give_back(made);
        return;
    }
    instance->controller = controller;
}

static void connect_halves(vst3_instance *instance) {
    if (!instance->controller || instance->is_single) return;
    v3_connection *here = vst3_other_interface(instance->component, V3_IID_CONNECTION_POINT);
    v3_connection *there = vst3_other_interface(instance->controller, V3_IID_CONNECTION_POINT);
    if (here && there) {
        here->table->connect(here, there);
        there->table->connect(there, here);
        instance->component_point = here;
        instance->controller_point = there;
        return;
    }
    vst3_give_back(here);
    vst3_give_back(there);
}

static void disconnect_halves(vst3_instance *instance) {
    v3_connection *here = instance->component_point;
    v3_connection *there = instance->controller_point;
    if (!here || !there) return;
    here->table->disconnect(here, there);
    there->table->disconnect(there, here);
    vst3_give_back(here);
    vst3_give_back(there);
}

int vst3_create(vst3_module *module, const uint8_t *class_id, vst3_instance **instance_out,
                char *error) {
    error[0] = 0;
    vst3_instance *instance = calloc(1, sizeof *instance);
    if (!instance) return VST3_NO_MEMORY;
    instance->module = module;
    instance->changes_in = vst3_changes_create();
    instance->changes_out = vst3_changes_create();
    vst3_events_init(&instance->events_in);
    vst3_events_init(&instance->events_out);
    vst3_handler_init(&instance->handler);
    int result = VST3_NO_MEMORY;
    if (instance->changes_in && instance->changes_out) {
        result = make_component(instance, class_id, error);
    }
    if (result != VST3_OK) {
        vst3_destroy(instance);
        return result;
    }
    make_controller(instance);
    if (instance->controller) {
        instance->controller->table->set_handler(instance->controller, &instance->handler.base);
    }
    connect_halves(instance);
    vst3_tell_controller(instance);
    *instance_out = instance;
    return VST3_OK;
}

void vst3_destroy(vst3_instance *instance) {
    vst3_stop(instance);
    disconnect_halves(instance);
    if (instance->controller) {
        instance->controller->table->set_handler(instance->controller, NULL);
        if (!instance->is_single) instance->controller->table->terminate(instance->controller);
        vst3_give_back(instance->controller);
    }
    if (instance->component) {
        instance->component->table->terminate(instance->component);
        vst3_give_back(instance->processor);
        vst3_give_back(instance->component);
    }
    vst3_busses_free(&instance->inputs);
    vst3_busses_free(&instance->outputs);
    vst3_changes_destroy(instance->changes_in);
    vst3_changes_destroy(instance->changes_out);
    free(instance);
}
