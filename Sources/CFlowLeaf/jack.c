#define _GNU_SOURCE
#include "jack.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "CFlowLeaf.h"
#include "jack-ports.h"

// JACK's buffers lie anywhere: those of several pairs are gathered.
static void hear(struct flow_jack *jack, const float **in, uint32_t done, float **out,
                 uint32_t count) {
    if (jack->pairs == 1 || !jack->process_pairs) {
        jack->process(jack->context, in[0] + done, in[1] + done, out[0] + done, out[1] + done,
                      count);
        return;
    }
    for (uint32_t input = 0; input < 2 * jack->pairs; input++) {
        memcpy(jack->stage + (size_t)input * jack->frames_max, in[input] + done,
               count * sizeof(float));
    }
    jack->process_pairs(jack->context, jack->stage, jack->pairs, jack->frames_max, out[0] + done,
                        out[1] + done, count);
}

static void render(struct flow_jack *jack, uint32_t frames) {
    const float *in[2 * FLOW_JACK_PAIRS_MAX];
    float *out[2];
    for (uint32_t input = 0; input < 2 * jack->pairs; input++) {
        in[input] = jack->api->port_get_buffer(jack->inputs[input], frames);
        if (!in[input]) return;
    }
    for (int side = 0; side < 2; side++) {
        out[side] = jack->api->port_get_buffer(jack->outputs[side], frames);
        if (!out[side]) return;
    }
    if (!atomic_load(&jack->is_open)) {
        for (int side = 0; side < 2; side++) memset(out[side], 0, frames * sizeof(float));
        return;
    }
    for (uint32_t done = 0; done < frames;) {
        uint32_t rest = frames - done;
        uint32_t count = rest < jack->frames_max ? rest : jack->frames_max;
        hear(jack, in, done, out, count);
        done += count;
    }
}

// No block is rendered any more when it returns.
static void close_gate(struct flow_jack *jack) {
    atomic_store(&jack->is_open, 0);
    if (atomic_load(&jack->thread_id) == flow_thread_id()) return;
    while (atomic_load(&jack->is_inside)) flow_sleep_until(flow_monotonic_ns() + 200000);
}

static int on_process(uint32_t frames, void *arg) {
    struct flow_jack *jack = arg;
    atomic_store(&jack->is_inside, 1);
    if (atomic_load(&jack->is_open)) {
        flow_dropouts_block(&jack->dropouts, jack->api->last_frame_time(jack->client), frames);
    }
    render(jack, frames);
    atomic_store(&jack->is_inside, 0);
    return 0;
}

static int on_block(uint32_t frames, void *arg) {
    struct flow_jack *jack = arg;
    atomic_store(&jack->block, frames);
    return 0;
}

static int on_xrun(void *arg) {
    struct flow_jack *jack = arg;
    flow_dropouts_told(&jack->dropouts, jack->api->get_xrun_delayed_usecs(jack->client));
    return 0;
}

// JACK calls this on its thread of messages too.
static void on_thread(void *arg) {
    struct flow_jack *jack = arg;
    if (!pthread_equal(jack->api->client_thread_id(jack->client), pthread_self())) return;
    atomic_store(&jack->thread_id, flow_thread_id());
}

// JACK raises its thread only after it has told us of it: whoever wants to know asks the system then.
int flow_jack_has_real_time(const struct flow_jack *jack) {
    int32_t thread = atomic_load(&jack->thread_id);
    return thread != 0 && flow_thread_is_real_time(thread);
}

static void on_shutdown(int code, const char *reason, void *arg) {
    (void)code;
    (void)reason;
    struct flow_jack *jack = arg;
    // First the gate, then the news: whoever takes over must be alone with the core.
    close_gate(jack);
    atomic_store(&jack->is_gone, 1);
    jack->events.lost(jack->events.context);
}

int flow_jack_server_running(void) {
    const struct jack_api *api = flow_jack_api();
    int status = 0;
    if (!api) return 0;
    jack_client *client = api->client_open("FlowZone-probe", JACK_NO_START_SERVER, &status);
    if (client) api->client_close(client);
    return client != NULL;
}

int flow_jack_open(const char *name, struct flow_jack **out, uint32_t *status_out) {
    const struct jack_api *api = flow_jack_api();
    int status = 0;
    *status_out = 0;
    if (!api) return -ENOENT;
    jack_client *client = api->client_open(name, JACK_NO_START_SERVER, &status);
    *status_out = (uint32_t)status;
    if (!client) return -ECONNREFUSED;
    struct flow_jack *jack = calloc(1, sizeof *jack);
    if (!jack) {
        api->client_close(client);
        return -ENOMEM;
    }
    jack->api = api;
    jack->client = client;
    jack->rate = api->get_sample_rate(client);
    atomic_init(&jack->block, api->get_buffer_size(client));
    jack->pairs = flow_jack_heard_pairs(jack);
    flow_jack_know_system(jack);
    int failure = flow_jack_register_ports(jack);
    if (failure) {
        flow_jack_close(jack);
        return failure;
    }
    *out = jack;
    return 0;
}

uint32_t flow_jack_rate(const struct flow_jack *jack) { return jack->rate; }

uint32_t flow_jack_pairs(const struct flow_jack *jack) { return jack->pairs; }

uint32_t flow_jack_block(const struct flow_jack *jack) { return atomic_load(&jack->block); }

uint32_t flow_jack_device_key(const struct flow_jack *jack) { return jack->device_key; }

int flow_jack_start(struct flow_jack *jack, flow_jack_process process,
                    flow_jack_process_pairs process_pairs, void *context, uint32_t frames_max,
                    const struct flow_jack_events *events) {
    const struct jack_api *api = jack->api;
    if (jack->is_active || atomic_load(&jack->is_gone)) return -EPROTO;
    free(jack->stage);
    jack->stage = calloc((size_t)2 * jack->pairs * frames_max, sizeof *jack->stage);
    if (!jack->stage) return -ENOMEM;
    jack->process = process;
    jack->process_pairs = process_pairs;
    jack->context = context;
    jack->frames_max = frames_max;
    jack->events = *events;
    flow_dropouts_begin(&jack->dropouts, jack->rate, events->xruns, events->xrun_frames);
    api->on_info_shutdown(jack->client, on_shutdown, jack);
    if (api->set_process_callback(jack->client, on_process, jack) != 0) return -EPROTO;
    if (api->set_buffer_size_callback(jack->client, on_block, jack) != 0) return -EPROTO;
    if (api->set_xrun_callback(jack->client, on_xrun, jack) != 0) return -EPROTO;
    if (api->set_thread_init_callback(jack->client, on_thread, jack) != 0) return -EPROTO;
    atomic_store(&jack->is_open, 1);
    if (api->activate(jack->client) != 0) {
        atomic_store(&jack->is_open, 0);
        return -EPROTO;
    }
    jack->is_active = 1;
    flow_jack_connect_system(jack, 1);
    flow_jack_connect_system(jack, 0);
    return 0;
}

void flow_jack_stop(struct flow_jack *jack) {
    if (!jack->is_active) return;
    jack->is_active = 0;
    // In this order: libjack ends its thread by asynchronous cancellation, wherever it is.
    close_gate(jack);
    if (!atomic_load(&jack->is_gone)) jack->api->deactivate(jack->client);
}

void flow_jack_close(struct flow_jack *jack) {
    flow_jack_stop(jack);
    // libjack 1.9.21 may crash in closing a client whose server was killed: that client is left as
    // it is, once in the life of an engine.
    if (atomic_load(&jack->is_gone)) return;
    jack->api->client_close(jack->client);
    free(jack->stage);
    free(jack);
}
