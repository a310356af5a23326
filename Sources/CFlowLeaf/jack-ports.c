#include "jack-ports.h"

#include <errno.h>
#include <stdio.h>

#include "CFlowLeaf.h"

static const char **system_ports(struct flow_jack *jack, int is_input) {
    unsigned long flags = JACK_PORT_PHYSICAL | (is_input ? JACK_PORT_OUTPUT : JACK_PORT_INPUT);
    return jack->api->get_ports(jack->client, NULL, JACK_AUDIO, flags);
}

uint32_t flow_jack_heard_pairs(struct flow_jack *jack) {
    const char **ports = system_ports(jack, 1);
    uint32_t count = 0;
    if (!ports) return 1;
    while (ports[count] && count < 2 * FLOW_JACK_PAIRS_MAX) count++;
    jack->api->free(ports);
    return count > 2 ? (count + 1) / 2 : 1;
}

static uint32_t hash_text(uint32_t hash, const char *text) {
    do {
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    } while (*text++);
    return hash;
}

// jackd calls every card's ports alike: which card it is stands in their aliases.
static uint32_t hash_port(struct flow_jack *jack, uint32_t hash, const char *name) {
    char aliases[2][1024] = {"", ""};
    char *const places[2] = {aliases[0], aliases[1]};
    jack_port *port = jack->api->port_by_name(jack->client, name);
    hash = hash_text(hash, name);
    int count = port ? jack->api->port_get_aliases(port, places) : 0;
    for (int index = 0; index < count && index < 2; index++) {
        hash = hash_text(hash, aliases[index]);
    }
    return hash;
}

void flow_jack_know_system(struct flow_jack *jack) {
    uint32_t hash = 2166136261u;
    for (int capture = 0; capture < 2; capture++) {
        const char **ports = system_ports(jack, capture);
        uint32_t heard = capture ? 2 * jack->pairs : 2;
        hash = hash_text(hash, capture ? "in" : "out");
        for (uint32_t index = 0; ports && ports[index]; index++) {
            hash = hash_port(jack, hash, ports[index]);
            jack_port *port = jack->api->port_by_name(jack->client, ports[index]);
            if (index >= heard || !port) continue;
            struct jack_latency range = {0, 0};
            jack->api->port_get_latency_range(
                port, capture ? JACK_CAPTURE_LATENCY : JACK_PLAYBACK_LATENCY, &range);
            uint32_t *longest = jack->system_latency + capture;
            if (range.max > *longest) *longest = range.max;
        }
        if (ports) jack->api->free(ports);
    }
    jack->device_key = hash ? hash : 1;
}

static jack_port *make_port(struct flow_jack *jack, const char *kind, uint32_t number,
                            unsigned long flags) {
    char name[16];
    snprintf(name, sizeof name, "%s_%u", kind, number + 1);
    return jack->api->port_register(jack->client, name, JACK_AUDIO, flags, 0);
}

int flow_jack_register_ports(struct flow_jack *jack) {
    for (uint32_t input = 0; input < 2 * jack->pairs; input++) {
        jack->inputs[input] = make_port(jack, "in", input, JACK_PORT_INPUT);
        if (!jack->inputs[input]) return -EPROTO;
    }
    for (uint32_t side = 0; side < 2; side++) {
        jack->outputs[side] = make_port(jack, "out", side, JACK_PORT_OUTPUT);
        if (!jack->outputs[side]) return -EPROTO;
    }
    return 0;
}

uint32_t flow_jack_latency(const struct flow_jack *jack, int capture) {
    uint32_t longest = 0;
    if (atomic_load(&jack->is_gone)) return 0;
    for (uint32_t index = 0; index < (capture ? 2 * jack->pairs : 2); index++) {
        struct jack_latency range = {0, 0};
        jack_port *port = capture ? jack->inputs[index] : jack->outputs[index];
        jack->api->port_get_latency_range(
            port, capture ? JACK_CAPTURE_LATENCY : JACK_PLAYBACK_LATENCY, &range);
        if (range.max > longest) longest = range.max;
    }
    // The server tells ours somewhat after they were connected.
    return longest ? longest : jack->system_latency[capture];
}

void flow_jack_connect_system(struct flow_jack *jack, int is_input) {
    const struct jack_api *api = jack->api;
    jack_port **mine = is_input ? jack->inputs : jack->outputs;
    uint32_t wanted = is_input ? 2 * jack->pairs : 2;
    const char **ports = system_ports(jack, is_input);
    if (!ports) return;
    for (uint32_t index = 0, theirs = 0; index < wanted && ports[theirs]; index++) {
        const char *ours = api->port_name(mine[index]);
        api->connect(jack->client, is_input ? ports[theirs] : ours,
                     is_input ? ours : ports[theirs]);
        if (index % 2 == 1 || ports[theirs + 1]) theirs++;
    }
    api->free(ports);
}
