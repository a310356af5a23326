// The part of JACK's binary interface that FlowZone calls, in our own words.
#ifndef FLOW_JACK_H
#define FLOW_JACK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "dropouts.h"
#include "jacklib.h"

typedef struct jack_client jack_client;
typedef struct jack_port jack_port;

enum {
    JACK_NO_START_SERVER = 0x01,
    JACK_PORT_INPUT = 0x1,
    JACK_PORT_OUTPUT = 0x2,
    JACK_PORT_PHYSICAL = 0x4,
    JACK_CAPTURE_LATENCY = 0,
    JACK_PLAYBACK_LATENCY = 1,
};
#define JACK_AUDIO "32 bit float mono audio"

struct jack_latency {
    uint32_t min;
    uint32_t max;
};

struct jack_api {
    jack_client *(*client_open)(const char *name, int options, int *status, ...);
    int (*client_close)(jack_client *);
    int (*activate)(jack_client *);
    int (*deactivate)(jack_client *);
    uint32_t (*get_sample_rate)(jack_client *);
    uint32_t (*get_buffer_size)(jack_client *);
    int (*set_process_callback)(jack_client *, int (*)(uint32_t, void *), void *);
    int (*set_buffer_size_callback)(jack_client *, int (*)(uint32_t, void *), void *);
    int (*set_xrun_callback)(jack_client *, int (*)(void *), void *);
    int (*set_thread_init_callback)(jack_client *, void (*)(void *), void *);
    pthread_t (*client_thread_id)(jack_client *);
    void (*on_info_shutdown)(jack_client *, void (*)(int, const char *, void *), void *);
    float (*get_xrun_delayed_usecs)(jack_client *);
    uint32_t (*last_frame_time)(const jack_client *);
    jack_port *(*port_register)(jack_client *, const char *, const char *, unsigned long,
                                unsigned long);
    void *(*port_get_buffer)(jack_port *, uint32_t);
    const char *(*port_name)(const jack_port *);
    jack_port *(*port_by_name)(jack_client *, const char *);
    int (*port_get_aliases)(const jack_port *, char *const[2]);
    void (*port_get_latency_range)(jack_port *, int, struct jack_latency *);
    const char **(*get_ports)(jack_client *, const char *, const char *, unsigned long);
    int (*connect)(jack_client *, const char *, const char *);
    void (*free)(void *);
    void (*set_error_function)(void (*)(const char *));
    void (*set_info_function)(void (*)(const char *));
};

// Loads libjack on the first call; NULL when it is not installed or lacks a function.
const struct jack_api *flow_jack_api(void);

struct flow_jack {
    const struct jack_api *api;
    jack_client *client;
    // Left and right of every pair; `pairs` is at least 1.
    jack_port *inputs[2 * FLOW_JACK_PAIRS_MAX];
    jack_port *outputs[2];
    uint32_t pairs;
    uint32_t rate;
    // Of the system's ports, as they tell them: to the ear, and to us.
    uint32_t system_latency[2];
    uint32_t device_key;
    _Atomic uint32_t block;
    flow_jack_process process;
    flow_jack_process_pairs process_pairs;
    // Planes of `frames_max` frames each, where several pairs are gathered.
    float *stage;
    void *context;
    uint32_t frames_max;
    struct flow_jack_events events;
    struct flow_dropouts dropouts;
    // The gate of the audio thread: `stop` closes it and waits until nobody is inside.
    _Atomic int is_open;
    _Atomic int is_inside;
    _Atomic int is_gone;
    // Of the audio thread; 0 = it has not begun.
    _Atomic int32_t thread_id;
    int is_active;
};

#endif
