// The ports of the client and those of the system that they are connected to.
#ifndef FLOW_JACK_PORTS_H
#define FLOW_JACK_PORTS_H

#include "jack.h"

// Pairs that can be heard, the last one perhaps of a single port; at least one.
uint32_t flow_jack_heard_pairs(struct flow_jack *jack);

// What the system's ports say of themselves: who they are, and how long their ways are.
void flow_jack_know_system(struct flow_jack *jack);

// Left and right of every pair, and the two outputs; 0, or -EPROTO where JACK refuses.
int flow_jack_register_ports(struct flow_jack *jack);

// A single port of a pair goes to both its sides; ports beyond ours are left alone.
void flow_jack_connect_system(struct flow_jack *jack, int is_input);

#endif
