// What the driver can do; each prints one JSON object.
#ifndef BENCH_SCENES_H
#define BENCH_SCENES_H

void count_engine(char **args);
void count_floor(char **args);
void time_blocks(char **args);

#endif
