// Repeats the log of a run on the library: on this one thread every block that the run rendered.
//
//   rtsan-replay LIBRARY REQUEST REPORT   files with the records that the library takes and gives
#include <dlfcn.h>
#include <stdio.h>

extern unsigned long fz_rt_blocks;

static char request[16384], report[16384];

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    void *library = dlopen(argv[1], RTLD_NOW);
    int (*replay)(void *, void *) = library ? dlsym(library, "fz_log_replay") : NULL;
    FILE *asked = fopen(argv[2], "rb"), *told = fopen(argv[3], "wb");
    if (!replay || !asked || !told) return fprintf(stderr, "%s\n", dlerror()), 3;
    fread(request, 1, sizeof request, asked);
    int code = replay(request, report);
    fwrite(report, 1, sizeof report, told);
    fclose(told);
    printf("%lu blocks\n", fz_rt_blocks);
    return code ? 4 : 0;
}
