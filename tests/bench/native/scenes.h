// What the driver can do; each prints one JSON object.
#ifndef BENCH_SCENES_H
#define BENCH_SCENES_H

void count_engine(char **args);
void count_moving(char **args);
void count_floor(char **args);
void time_blocks(char **args);
void prove_slots(char **args);
void prove_commits(char **args);
void prove_burst(char **args);
void measure_latency(char **args);
void measure_timer(char **args);
void measure_ramps(char **args);
void measure_stall(char **args);
void measure_memory(char **args);
void measure_start(char **args);
void measure_touch(char **args);
void measure_idle(char **args);
void measure_jack_control(char **args);
void measure_jack(char **args);
void measure_headless(char **args);
void measure_hosts(char **args);
void measure_spectrum(char **args);

#endif
