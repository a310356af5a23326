// The floor of the page's spectrum: the same points and window through FFTW, the strongest bin of each
// of the same 32 bands.
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "scenes.h"

struct plan {
    void *handle;
    void (*execute)(void *);
    int is_double;
};

static struct plan make_plan(int size, void *in, void *out) {
    const unsigned measure = 0;
    void *single = dlopen("libfftw3f.so.3", RTLD_NOW), *both = dlopen("libfftw3.so.3", RTLD_NOW);
    void *library = single ? single : both;
    if (!library) fail("libfftw3f.so.3 is not installed");
    void *(*make)(int, void *, void *, unsigned) =
        dlsym(library, single ? "fftwf_plan_dft_r2c_1d" : "fftw_plan_dft_r2c_1d");
    struct plan plan = {make(size, in, out, measure), NULL, !single};
    plan.execute = dlsym(library, single ? "fftwf_execute" : "fftw_execute");
    return plan;
}

// First bins of the bands, equally wide in pitch from 40 Hz to 16 kHz.
static int edges[33];

// Window, transform and bands of one picture; `kind` is float or double.
#define DEFINE_PICTURE(kind)                                                                   \
    static float picture_##kind(const struct plan *plan, int size, const float *sound,          \
                                const float *window, kind *in, const kind *out) {               \
        for (int at = 0; at < size; at++) in[at] = sound[at] * window[at];                      \
        plan->execute(plan->handle);                                                            \
        float sum = 0;                                                                          \
        for (int band = 0; band < 32; band++) {                                                 \
            int from = edges[band], to = edges[band + 1] > from ? edges[band + 1] : from + 1;   \
            float best = 0;                                                                     \
            for (int bin = from; bin < to; bin++) {                                             \
                float re = (float)out[2 * bin], im = (float)out[2 * bin + 1];                   \
                float power = re * re + im * im;                                                \
                best = power > best ? power : best;                                             \
            }                                                                                   \
            sum += 10 * log10f(best + 1e-12f);                                                  \
        }                                                                                       \
        return sum;                                                                             \
    }
DEFINE_PICTURE(float)
DEFINE_PICTURE(double)

// spectrum SIZE STEP ROUNDS
void measure_spectrum(char **args) {
    int size = atoi(args[0]), step_frames = atoi(args[1]), rounds = atoi(args[2]);
    float *sound = calloc((size_t)size, sizeof(float)), *window = calloc((size_t)size, sizeof(float));
    void *in = aligned_alloc(64, 8 * (size_t)size), *out = aligned_alloc(64, 8 * (size_t)size + 64);
    struct plan plan = make_plan(size, in, out);
    for (int at = 0; at < size; at++) window[at] = 0.5f - 0.5f * cosf(6.2831853f * at / size);
    for (int edge = 0; edge <= 32; edge++)
        edges[edge] = (int)(40 * pow(400, edge / 32.0) * size / RATE_HZ + 0.5);
    int64_t *times = calloc((size_t)rounds, sizeof(int64_t));
    float kept = 0;
    for (int round = 0; round < rounds; round++) {
        for (int at = 0; at < step_frames; at++) sound[size - step_frames + at] = noise_at(at, round, 7);
        int64_t before = now_ns();
        memmove(sound, sound + step_frames, sizeof(float) * (size_t)(size - step_frames));
        kept += plan.is_double ? picture_double(&plan, size, sound, window, in, out)
                               : picture_float(&plan, size, sound, window, in, out);
        times[round] = now_ns() - before;
    }
    qsort(times, (size_t)rounds, sizeof(int64_t), compare_i64);
    printf("{\"ns\":%lld,\"isDouble\":%d,\"kept\":%g}\n", (long long)at_share(times, rounds, 0.5),
           plan.is_double, kept);
}
