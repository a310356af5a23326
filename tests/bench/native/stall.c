// A disk that takes nothing for a while; the library's writes and syncs come through here.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h"
#include "scenes.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
static int is_stalled, waiting;

static void pass(void) {
    pthread_mutex_lock(&lock);
    waiting++;
    while (is_stalled) pthread_cond_wait(&change, &lock);
    waiting--;
    pthread_mutex_unlock(&lock);
}

static int set_stalled(int next) {
    pthread_mutex_lock(&lock);
    int were = waiting;
    is_stalled = next;
    pthread_cond_broadcast(&change);
    pthread_mutex_unlock(&lock);
    return were;
}

ssize_t pwrite(int file, const void *from, size_t bytes, off_t at) {
    static ssize_t (*next)(int, const void *, size_t, off_t);
    if (!next) next = dlsym(RTLD_NEXT, "pwrite");
    pass();
    return next(file, from, bytes, at);
}

ssize_t pwrite64(int file, const void *from, size_t bytes, off_t at) {
    return pwrite(file, from, bytes, at);
}

int fdatasync(int file) {
    static int (*next)(int);
    if (!next) next = dlsym(RTLD_NEXT, "fdatasync");
    pass();
    return next(file);
}

// stall SECONDS SOURCES NOISE FOLDER: real time; then waits until the disk has caught up.
void measure_stall(char **args) {
    double seconds = atof(args[0]);
    static struct bench bench;
    configure(&bench, 8);
    bench.config.deviceKind = DEVICE_KIND_headless;
    bench.config.flags = 0;
    bench.config.sourceCount = (uint32_t)atoi(args[1]);
    bench.config.ringSecondsMax = 60;
    snprintf((char *)bench.config.inputPath, sizeof bench.config.inputPath, "%s", args[2]);
    snprintf((char *)bench.config.spoolPath, sizeof bench.config.spoolPath, "%s/spool", args[3]);
    snprintf((char *)bench.config.audioPath, sizeof bench.config.audioPath, "%s/audio", args[3]);
    start_engine(&bench);
    rest_ms(2000);
    set_stalled(1);
    rest_ms(seconds * 1000);
    EngineStatus during = status_of(&bench);
    int held = set_stalled(0);
    double queued = during.framesIn - during.framesDurable;
    int64_t start = now_ns();
    double target = during.frame;
    EngineStatus after = status_of(&bench);
    while (after.framesDurable < target && now_ns() - start < 60000000000) {
        rest_ms(50);
        after = status_of(&bench);
        poll_all(&bench);
    }
    double caught_up_ms = (double)(now_ns() - start) / 1e6;
    end_engine(&bench);
    printf("{\"heldCalls\":%d,\"queuedSeconds\":%g,\"missingFrames\":%g,\"durable\":%d,"
           "\"caughtUpMs\":%g,\"xruns\":%g}\n",
           held, queued / RATE_HZ, after.framesGap, after.framesDurable >= target, caught_up_ms,
           after.xruns);
}
