/*
 * A file system that hands everything through to a folder, and fails as it is told.
 *
 *   fault-fs CONTROL FOLDER MOUNTPOINT
 *
 * CONTROL is a file of sixteen 64-bit numbers, shared with whoever steers: see `struct control`.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

struct control {
    /* Set from outside. */
    int64_t write_delay_ms;
    int64_t write_errors_per_mille;
    int64_t short_writes;    /* 1 = a write ends somewhere in the middle */
    int64_t sync_error_in;   /* the n-th sync from now fails once, and drops what was unsynced */
    int64_t operation_error; /* the n-th change from now fails once */
    int64_t refusal;         /* errno of all that grows or changes; 0 = none */
    int64_t sound_syncs;     /* 1 = each sync of a recording or a take's file fails, and drops what was unsynced */
    int64_t reserved[1];
    /* Counted. */
    int64_t writes;
    int64_t failed_writes;
    int64_t shortened;
    int64_t failed_syncs;
    int64_t operations;
    int64_t failed_operations;
};

static struct control *control;
static const char *root;
static uint64_t dice = 88172645463325252u;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What was written to a file since its last sync; a failed sync loses it. */
struct open_file {
    int fd;
    off_t from;
    off_t to;
};

static uint64_t roll(void) {
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice;
}

/* True once, when the count that was set has run down. */
static int is_due(int64_t *count) {
    if (*count <= 0) return 0;
    *count -= 1;
    return *count == 0;
}

/* 0, or the error of the operation that was chosen to fail. */
static int change(void) {
    pthread_mutex_lock(&lock);
    control->operations += 1;
    int fails = is_due(&control->operation_error);
    control->failed_operations += fails;
    pthread_mutex_unlock(&lock);
    return fails ? -EIO : -(int)control->refusal;
}

static char *real_path(const char *path, char *buffer) {
    snprintf(buffer, PATH_MAX, "%s%s", root, path);
    return buffer;
}

static int result(int value) { return value < 0 ? -errno : 0; }

#define REAL(path) real_path(path, (char[PATH_MAX]){0})
#define CHANGE()                                                                                   \
    do {                                                                                           \
        int error = change();                                                                      \
        if (error != 0) return error;                                                              \
    } while (0)

static struct open_file *file_of(struct fuse_file_info *info) {
    return (struct open_file *)(uintptr_t)info->fh;
}

static int fs_getattr(const char *path, struct stat *about, struct fuse_file_info *info) {
    if (info != NULL && info->fh != 0) return result(fstat(file_of(info)->fd, about));
    return result(lstat(REAL(path), about));
}

static int fs_readdir(const char *path, void *names, fuse_fill_dir_t fill, off_t offset,
                      struct fuse_file_info *info, enum fuse_readdir_flags flags) {
    (void)offset, (void)info, (void)flags;
    DIR *folder = opendir(REAL(path));
    if (folder == NULL) return -errno;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        fill(names, entry->d_name, NULL, 0, 0);
    closedir(folder);
    return 0;
}

static int fs_mknod(const char *path, mode_t mode, dev_t device) {
    return result(mknod(REAL(path), mode, device));
}

static int fs_mkdir(const char *path, mode_t mode) {
    CHANGE();
    return result(mkdir(REAL(path), mode));
}

static int fs_unlink(const char *path) {
    CHANGE();
    return result(unlink(REAL(path)));
}

static int fs_rmdir(const char *path) { return result(rmdir(REAL(path))); }

static int fs_rename(const char *from, const char *to, unsigned flags) {
    (void)flags;
    CHANGE();
    return result(rename(REAL(from), REAL(to)));
}

static int fs_chmod(const char *path, mode_t mode, struct fuse_file_info *info) {
    (void)info;
    return result(chmod(REAL(path), mode));
}

static int fs_utimens(const char *path, const struct timespec times[2],
                      struct fuse_file_info *info) {
    (void)info;
    return result(utimensat(AT_FDCWD, REAL(path), times, 0));
}

static int fs_truncate(const char *path, off_t size, struct fuse_file_info *info) {
    CHANGE();
    if (info != NULL && info->fh != 0) return result(ftruncate(file_of(info)->fd, size));
    return result(truncate(REAL(path), size));
}

static int keep(int fd, struct fuse_file_info *info) {
    if (fd < 0) return -errno;
    struct open_file *file = calloc(1, sizeof *file);
    file->fd = fd;
    info->fh = (uintptr_t)file;
    return 0;
}

static int fs_open(const char *path, struct fuse_file_info *info) {
    return keep(open(REAL(path), info->flags & ~O_APPEND), info);
}

static int fs_create(const char *path, mode_t mode, struct fuse_file_info *info) {
    CHANGE();
    return keep(open(REAL(path), (info->flags & ~O_APPEND) | O_CREAT, mode), info);
}

static int fs_read(const char *path, char *bytes, size_t size, off_t offset,
                   struct fuse_file_info *info) {
    (void)path;
    ssize_t count = pread(file_of(info)->fd, bytes, size, offset);
    return count < 0 ? -errno : (int)count;
}

static void sleep_ms(int64_t ms) {
    struct timespec time = {ms / 1000, (ms % 1000) * 1000000};
    if (ms > 0) nanosleep(&time, NULL);
}

static int fs_write(const char *path, const char *bytes, size_t size, off_t offset,
                    struct fuse_file_info *info) {
    (void)path;
    sleep_ms(control->write_delay_ms);
    CHANGE();
    struct open_file *file = file_of(info);
    pthread_mutex_lock(&lock);
    control->writes += 1;
    int fails = (int64_t)(roll() % 1000) < control->write_errors_per_mille;
    control->failed_writes += fails;
    if (!fails && control->short_writes && size > 1) {
        size = 1 + roll() % (size - 1);
        control->shortened += 1;
    }
    if (file->to == 0 || offset < file->from) file->from = offset;
    if (offset + (off_t)size > file->to) file->to = offset + (off_t)size;
    pthread_mutex_unlock(&lock);
    if (fails) return -EIO;
    ssize_t count = pwrite(file->fd, bytes, size, offset);
    return count < 0 ? -errno : (int)count;
}

/* As a disk does: what it could not write is gone, although it could be read a moment ago. */
static void drop_unsynced(struct open_file *file) {
    static const char zeros[65536];
    for (off_t at = file->from; at < file->to;) {
        size_t size = (size_t)(file->to - at) < sizeof zeros ? (size_t)(file->to - at) : sizeof zeros;
        ssize_t count = pwrite(file->fd, zeros, size, at);
        if (count <= 0) return;
        at += count;
    }
}

static int is_sound(const char *path) {
    return strstr(path, "/spool/") != NULL || strstr(path, "/audio/") != NULL;
}

static int fs_fsync(const char *path, int is_data, struct fuse_file_info *info) {
    (void)is_data;
    CHANGE();
    struct open_file *file = file_of(info);
    pthread_mutex_lock(&lock);
    int fails = is_due(&control->sync_error_in) || (control->sound_syncs && is_sound(path));
    control->failed_syncs += fails;
    if (fails) drop_unsynced(file);
    file->from = file->to = 0;
    pthread_mutex_unlock(&lock);
    return fails ? -EIO : result(fdatasync(file->fd));
}

static int fs_fsyncdir(const char *path, int is_data, struct fuse_file_info *info) {
    (void)path, (void)is_data, (void)info;
    return change();
}

static int fs_release(const char *path, struct fuse_file_info *info) {
    (void)path;
    close(file_of(info)->fd);
    free(file_of(info));
    return 0;
}

static int fs_statfs(const char *path, struct statvfs *about) {
    return result(statvfs(REAL(path), about));
}

static const struct fuse_operations operations = {
    .getattr = fs_getattr, .readdir = fs_readdir, .mknod = fs_mknod, .mkdir = fs_mkdir,
    .unlink = fs_unlink, .rmdir = fs_rmdir, .rename = fs_rename, .chmod = fs_chmod,
    .utimens = fs_utimens, .truncate = fs_truncate, .open = fs_open, .create = fs_create,
    .read = fs_read, .write = fs_write, .fsync = fs_fsync, .fsyncdir = fs_fsyncdir,
    .release = fs_release, .statfs = fs_statfs,
};

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int fd = open(argv[1], O_RDWR);
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    root = argv[2];
    if (fd < 0 || control == MAP_FAILED) return 3;
    char *fuse_argv[] = {argv[0], "-f", argv[3], NULL};
    return fuse_main(3, fuse_argv, &operations, NULL);
}
