// Writes 24-bit FLAC files, with libsndfile loaded at run time: no link dependency, no header needed.
#ifndef FLOW_SNDFILELIB_H
#define FLOW_SNDFILELIB_H

#include <stdint.h>

#pragma clang assume_nonnull begin

struct flow_flac;

// 1 when libsndfile is installed and can write FLAC.
int flow_flac_is_there(void);

// Makes a new file, or empties the one that has the name. -ENOENT without libsndfile, -EIO when the
// file could not be made.
int flow_flac_create(const char *path, uint32_t rate, uint32_t channels,
                     struct flow_flac *_Nullable *_Nonnull out);

// Appends interleaved frames; the upper 24 bits of each sample count. -EIO when not all were taken.
int flow_flac_write(struct flow_flac *flac, const int32_t *samples, uint64_t frames);

// Completes the file's header, closes and frees. -EIO when the last bytes could not be written.
int flow_flac_close(struct flow_flac *flac);

#pragma clang assume_nonnull end

#endif
