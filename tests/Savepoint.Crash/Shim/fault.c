/*
 * Preloaded into the command under test, and only there: stands between it (SQLite included) and the system calls that
 * change the workspace or the store. At call number N it kills the process, stops it, lets a script run, or answers with
 * an error. Which, is told by the environment, which is cleared at once, so that children are left alone.
 *
 *   SAVEPOINT_FAULT_ROOTS   directories, separated by ':'; calls elsewhere are not counted
 *   SAVEPOINT_FAULT_REPORT  a file of sizeof(struct report) bytes, mapped and kept up to date; it outlives the process
 *   SAVEPOINT_FAULT_TRACE   optional: a file that gets a line for each counted call
 *   SAVEPOINT_FAULT_READS   optional, 1: opens to read, reads and listings are counted as well
 *   SAVEPOINT_FAULT_KILL    optional: N, killed before call N; with SAVEPOINT_FAULT_TORN=1, half-way through it if it writes
 *   SAVEPOINT_FAULT_STOP    optional: N, stopped (SIGSTOP) before call N
 *   SAVEPOINT_FAULT_RUN     optional: N:SCRIPT, /bin/sh runs SCRIPT before call N
 *   SAVEPOINT_FAULT_FAIL    optional: N:ERRNO:once or N:ERRNO:all, the Nth of the calls that can end so does, or each from it on
 *   SAVEPOINT_FAULT_ONLY    optional: only calls on paths that hold this text fail, and are counted for that
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ROOTS 8
#define PATH_BYTES 8192

/* Read by the harness (FaultReport.cs): keep both alike. */
struct report {
    _Atomic long calls;     /* counted calls that have begun */
    _Atomic long changes;   /* those of them that change something */
    _Atomic long opened;    /* 1 once the store's database was opened */
    _Atomic long fired;     /* how often a fault was injected */
    _Atomic long kinds[16]; /* the counted calls by their effect */
    char call[32];          /* the first of those: its name */
    char path[472];         /* and where */
};

/* As in Effect (Errno.cs). */
enum effect { LOOKS, OPENS, READS, LISTS, MAKES, WRITES, SYNCS, NAMES, REMOVES, MODES };

static char roots[MAX_ROOTS][PATH_BYTES];
static int root_count;
static struct report nowhere, *report = &nowhere;
static int trace = -1;
static int counts_reads, is_torn, fails_all;
static long kill_at, stop_at, run_at, fail_at, fail_with;
static _Atomic long failing; /* the calls so far that could end with fail_with */
static char script[PATH_BYTES], only[PATH_BYTES];
static int is_ready;

/* The C library's own dlsym: ours stands before it as well. */
static void *(*real_dlsym)(void *, const char *);
static void *find(const char *name)
{
    static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
    for (size_t i = 0; !real_dlsym && i < sizeof versions / sizeof *versions; i++)
        *(void **)&real_dlsym = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    return real_dlsym(RTLD_NEXT, name);
}

#define REAL(result, name, ...) \
    static result (*real_##name)(__VA_ARGS__); \
    static void find_##name(void) { if (!real_##name) *(void **)&real_##name = find(#name); }

REAL(ssize_t, write, int, const void *, size_t)
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)
REAL(ssize_t, writev, int, const struct iovec *, int)
REAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t)
REAL(ssize_t, read, int, void *, size_t)
REAL(ssize_t, pread64, int, void *, size_t, off64_t)
REAL(int, fsync, int)
REAL(int, fdatasync, int)
REAL(int, ftruncate64, int, off64_t)
REAL(int, posix_fallocate64, int, off64_t, off64_t)
REAL(int, open64, const char *, int, ...)
REAL(int, openat64, int, const char *, int, ...)
REAL(int, rename, const char *, const char *)
REAL(int, renameat, int, const char *, int, const char *)
REAL(int, unlink, const char *)
REAL(int, unlinkat, int, const char *, int)
REAL(int, mkdir, const char *, mode_t)
REAL(int, mkdirat, int, const char *, mode_t)
REAL(int, rmdir, const char *)
REAL(int, symlink, const char *, const char *)
REAL(int, symlinkat, const char *, int, const char *)
REAL(int, link, const char *, const char *)
REAL(int, linkat, int, const char *, int, const char *, int)
REAL(int, chmod, const char *, mode_t)
REAL(int, fchmod, int, mode_t)
REAL(int, fchownat, int, const char *, uid_t, gid_t, int)
REAL(int, setxattr, const char *, const char *, const void *, size_t, int)
REAL(long, syscall, long, ...)

static void find_all(void)
{
    find_write(); find_pwrite64(); find_writev(); find_pwritev64(); find_read(); find_pread64(); find_fsync();
    find_fdatasync(); find_ftruncate64(); find_posix_fallocate64(); find_open64(); find_openat64(); find_rename();
    find_renameat(); find_unlink(); find_unlinkat(); find_mkdir(); find_mkdirat(); find_rmdir(); find_symlink();
    find_symlinkat(); find_link(); find_linkat(); find_chmod(); find_fchmod(); find_fchownat(); find_setxattr();
    find_syscall();
}

static const char *take(const char *name, char *buffer)
{
    const char *value = getenv(name);
    if (!value) return NULL;
    snprintf(buffer, PATH_BYTES, "%s", value);
    unsetenv(name);
    return buffer;
}

static long take_number(const char *name)
{
    char buffer[PATH_BYTES];
    return take(name, buffer) ? atol(buffer) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    static char buffer[PATH_BYTES];
    find_all();
    unsetenv("LD_PRELOAD");
    if (take("SAVEPOINT_FAULT_ROOTS", buffer)) {
        for (char *rest = NULL, *root = strtok_r(buffer, ":", &rest); root && root_count < MAX_ROOTS; root = strtok_r(NULL, ":", &rest))
            snprintf(roots[root_count++], PATH_BYTES, "%s", root);
    }
    if (take("SAVEPOINT_FAULT_REPORT", buffer)) {
        int file = real_open64(buffer, O_RDWR | O_CLOEXEC);
        void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(struct report), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (mapped == MAP_FAILED) { perror("SAVEPOINT_FAULT_REPORT"); abort(); }
        report = mapped;
        close(file);
    }
    if (take("SAVEPOINT_FAULT_TRACE", buffer)) trace = real_open64(buffer, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    counts_reads = take_number("SAVEPOINT_FAULT_READS") != 0;
    kill_at = take_number("SAVEPOINT_FAULT_KILL");
    is_torn = take_number("SAVEPOINT_FAULT_TORN") != 0;
    stop_at = take_number("SAVEPOINT_FAULT_STOP");
    if (take("SAVEPOINT_FAULT_RUN", buffer)) {
        char *colon = strchr(buffer, ':');
        run_at = atol(buffer);
        snprintf(script, sizeof script, "%s", colon ? colon + 1 : "");
    }
    if (take("SAVEPOINT_FAULT_FAIL", buffer)) {
        char how[8] = "";
        if (sscanf(buffer, "%ld:%ld:%7s", &fail_at, &fail_with, how) != 3) { fprintf(stderr, "SAVEPOINT_FAULT_FAIL: N:ERRNO:once or all\n"); abort(); }
        fails_all = strcmp(how, "all") == 0;
    }
    if (take("SAVEPOINT_FAULT_ONLY", buffer)) snprintf(only, sizeof only, "%s", buffer);
    is_ready = 1;
}

static int is_within(const char *path)
{
    for (int i = 0; i < root_count; i++) {
        size_t length = strlen(roots[i]);
        if (strncmp(path, roots[i], length) == 0 && (path[length] == '/' || path[length] == '\0' || path[length] == '.' || path[length] == ' ')) return 1;
    }
    return 0;
}

static int path_of(int descriptor, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_BYTES - 1);
    path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

static void path_at(int directory, const char *name, char *path)
{
    if (strncmp(name, "/proc/self/fd/", 14) == 0) { path_of(atoi(name + 14), path); return; }
    if (name[0] == '/') { snprintf(path, PATH_BYTES, "%s", name); return; }
    char above[PATH_BYTES];
    if (directory == AT_FDCWD) { if (!getcwd(above, sizeof above)) above[0] = '\0'; }
    else path_of(directory, above);
    snprintf(path, PATH_BYTES, "%.*s%s%s", PATH_BYTES / 2, above, *name ? "/" : "", name);
}

/* Which calls the system could answer with which error. */
static int can_fail(enum effect effect, int error)
{
    switch (error) {
    case ENOSPC: return effect == MAKES || effect == WRITES || effect == SYNCS || effect == NAMES;
    case EROFS: return effect == MAKES || effect == NAMES || effect == REMOVES || effect == MODES;
    case EACCES: return effect == OPENS || effect == MAKES || effect == NAMES || effect == REMOVES;
    case EMFILE: return effect == OPENS || effect == MAKES;
    case EIO: return effect != LOOKS;
    default: return 1;
    }
}

static void run_script(void)
{
    char *const arguments[] = { "sh", "-c", script, NULL };
    pid_t child;
    if (posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0)
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) { }
}

static void note(const char *call, const char *path)
{
    if (atomic_fetch_add(&report->fired, 1) == 0) {
        snprintf(report->call, sizeof report->call, "%s", call);
        snprintf(report->path, sizeof report->path, "%s", path);
    }
}

enum { PROCEED = 0, TEAR = -1 };

/* The one place that all calls pass: PROCEED, TEAR (write a half, then call die), or the error to answer with. */
static int gate(const char *call, enum effect effect, const char *path)
{
    int is_change = effect >= MAKES;
    if (!is_ready || !is_within(path) || (!is_change && !counts_reads)) return PROCEED;
    int saved = errno, answer = PROCEED;
    long number = atomic_fetch_add(&report->calls, 1) + 1;
    atomic_fetch_add(&report->kinds[effect], 1);
    if (is_change) atomic_fetch_add(&report->changes, 1);
    if (trace >= 0) {
        char line[PATH_BYTES + 64];
        int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
        real_write(trace, line, length < (int)sizeof line ? length : (int)sizeof line - 1);
    }
    if (number == run_at) { note(call, path); run_script(); }
    if (number == stop_at) { note(call, path); kill(getpid(), SIGSTOP); }
    if (number == kill_at) {
        note(call, path);
        if (is_torn && effect == WRITES) answer = TEAR;
        else for (;;) { kill(getpid(), SIGKILL); pause(); }
    }
    if (fail_at > 0 && can_fail(effect, (int)fail_with) && strstr(path, only)) {
        long could = atomic_fetch_add(&failing, 1) + 1;
        if (could == fail_at || (fails_all && could > fail_at)) {
            note(call, path);
            answer = (int)fail_with;
        }
    }
    errno = saved;
    return answer;
}

static void die(void) { for (;;) { kill(getpid(), SIGKILL); pause(); } }

static int gate_descriptor(const char *call, enum effect effect, int descriptor)
{
    char path[PATH_BYTES];
    return is_ready && path_of(descriptor, path) ? gate(call, effect, path) : PROCEED;
}

static int gate_name(const char *call, enum effect effect, int directory, const char *name)
{
    char path[PATH_BYTES];
    if (!is_ready) return PROCEED;
    path_at(directory, name, path);
    return gate(call, effect, path);
}

#define ANSWER(gated, failed) do { int answer_ = (gated); if (answer_ > 0) { errno = answer_; return failed; } } while (0)

/* Writing and reading */

ssize_t write(int file, const void *bytes, size_t count)
{
    find_write();
    int answer = gate_descriptor("write", WRITES, file);
    if (answer == TEAR) { real_write(file, bytes, count / 2); die(); }
    if (answer > 0) { errno = answer; return -1; }
    return real_write(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset)
{
    int answer = gate_descriptor("pwrite", WRITES, file);
    if (answer == TEAR) { real_pwrite64(file, bytes, count / 2, offset); die(); }
    if (answer > 0) { errno = answer; return -1; }
    return real_pwrite64(file, bytes, count, offset);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

ssize_t writev(int file, const struct iovec *parts, int count)
{
    int answer = gate_descriptor("writev", WRITES, file);
    if (answer == TEAR) { real_writev(file, parts, count / 2); die(); }
    if (answer > 0) { errno = answer; return -1; }
    return real_writev(file, parts, count);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t offset)
{
    int answer = gate_descriptor("pwritev", WRITES, file);
    if (answer == TEAR) { real_pwritev64(file, parts, count / 2, offset); die(); }
    if (answer > 0) { errno = answer; return -1; }
    return real_pwritev64(file, parts, count, offset);
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) { return pwritev64(file, parts, count, offset); }

ssize_t read(int file, void *bytes, size_t count)
{
    find_read();
    if (counts_reads) ANSWER(gate_descriptor("read", READS, file), -1);
    return real_read(file, bytes, count);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t offset)
{
    find_pread64();
    if (counts_reads) ANSWER(gate_descriptor("pread", READS, file), -1);
    return real_pread64(file, bytes, count, offset);
}
ssize_t pread(int file, void *bytes, size_t count, off_t offset) { return pread64(file, bytes, count, offset); }

int fsync(int file) { ANSWER(gate_descriptor("fsync", SYNCS, file), -1); return real_fsync(file); }
int fdatasync(int file) { ANSWER(gate_descriptor("fdatasync", SYNCS, file), -1); return real_fdatasync(file); }
int ftruncate64(int file, off64_t length) { ANSWER(gate_descriptor("ftruncate", WRITES, file), -1); return real_ftruncate64(file, length); }
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }
int posix_fallocate64(int file, off64_t offset, off64_t length)
{
    int answer = gate_descriptor("posix_fallocate", WRITES, file);
    return answer > 0 ? answer : real_posix_fallocate64(file, offset, length);
}
int posix_fallocate(int file, off_t offset, off_t length) { return posix_fallocate64(file, offset, length); }

/* Opening */

/* Only what is opened to be written can fail as a read-only file system does; that it changes nothing yet does no harm. */
static int gate_open(int directory, const char *name, int flags)
{
    char path[PATH_BYTES];
    if (!is_ready || (flags & O_PATH)) return PROCEED;
    path_at(directory, name, path);
    return gate("open", flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR) ? MAKES : OPENS, path);
}

static int opened(int directory, const char *name, int file)
{
    size_t length = strlen(name);
    if (file >= 0 && is_ready && length >= 8 && strcmp(name + length - 8, "store.db") == 0) {
        char path[PATH_BYTES];
        path_at(directory, name, path);
        if (is_within(path)) atomic_store(&report->opened, 1);
    }
    return file;
}

#define MODE_OF(flags) va_list rest; va_start(rest, flags); mode_t mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; va_end(rest)

int open64(const char *name, int flags, ...)
{
    MODE_OF(flags);
    find_open64();
    ANSWER(gate_open(AT_FDCWD, name, flags), -1);
    return opened(AT_FDCWD, name, real_open64(name, flags, mode));
}
int open(const char *name, int flags, ...) { MODE_OF(flags); return open64(name, flags, mode); }

int openat64(int directory, const char *name, int flags, ...)
{
    MODE_OF(flags);
    find_openat64();
    ANSWER(gate_open(directory, name, flags), -1);
    return opened(directory, name, real_openat64(directory, name, flags, mode));
}
int openat(int directory, const char *name, int flags, ...) { MODE_OF(flags); return openat64(directory, name, flags, mode); }

/* Names */

int rename(const char *from, const char *to) { ANSWER(gate_name("rename", NAMES, AT_FDCWD, to), -1); return real_rename(from, to); }
int renameat(int fd, const char *from, int td, const char *to) { ANSWER(gate_name("rename", NAMES, td, to), -1); return real_renameat(fd, from, td, to); }
int link(const char *from, const char *to) { ANSWER(gate_name("link", NAMES, AT_FDCWD, to), -1); return real_link(from, to); }
int linkat(int fd, const char *from, int td, const char *to, int flags) { ANSWER(gate_name("link", NAMES, td, to), -1); return real_linkat(fd, from, td, to, flags); }
int symlink(const char *target, const char *name) { ANSWER(gate_name("symlink", NAMES, AT_FDCWD, name), -1); return real_symlink(target, name); }
int symlinkat(const char *target, int directory, const char *name) { ANSWER(gate_name("symlink", NAMES, directory, name), -1); return real_symlinkat(target, directory, name); }
int mkdir(const char *name, mode_t mode) { ANSWER(gate_name("mkdir", NAMES, AT_FDCWD, name), -1); return real_mkdir(name, mode); }
int mkdirat(int directory, const char *name, mode_t mode) { ANSWER(gate_name("mkdir", NAMES, directory, name), -1); return real_mkdirat(directory, name, mode); }
int unlink(const char *name) { ANSWER(gate_name("unlink", REMOVES, AT_FDCWD, name), -1); return real_unlink(name); }
int unlinkat(int directory, const char *name, int flags) { ANSWER(gate_name(flags & AT_REMOVEDIR ? "rmdir" : "unlink", REMOVES, directory, name), -1); return real_unlinkat(directory, name, flags); }
int rmdir(const char *name) { ANSWER(gate_name("rmdir", REMOVES, AT_FDCWD, name), -1); return real_rmdir(name); }
int chmod(const char *name, mode_t mode) { ANSWER(gate_name("chmod", MODES, AT_FDCWD, name), -1); return real_chmod(name, mode); }
int fchmod(int file, mode_t mode) { ANSWER(gate_descriptor("fchmod", MODES, file), -1); return real_fchmod(file, mode); }
int fchownat(int directory, const char *name, uid_t user, gid_t group, int flags) { ANSWER(gate_name("chown", MODES, directory, name), -1); return real_fchownat(directory, name, user, group, flags); }
int setxattr(const char *name, const char *key, const void *value, size_t length, int flags) { ANSWER(gate_name("setxattr", MODES, AT_FDCWD, name), -1); return real_setxattr(name, key, value, length, flags); }

/* Calls that the C library has no function for. */
long syscall(long number, ...)
{
    va_list rest;
    va_start(rest, number);
    long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long), d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
    va_end(rest);
    find_syscall();
    if (number == SYS_renameat2) ANSWER(gate_name("rename", NAMES, (int)c, (const char *)d), -1);
    if (number == SYS_openat2) ANSWER(gate_open((int)a, (const char *)b, (int)*(const unsigned long *)c), -1);
    if (number == SYS_getdents64 && counts_reads) ANSWER(gate_descriptor("list", LISTS, (int)a), -1);
    return real_syscall(number, a, b, c, d, e, f);
}

/* A managed build looks the C library's functions up by name: it is given ours. */
void *dlsym(void *library, const char *name)
{
    find_all();
    void *found = real_dlsym(library, name);
#define OURS(function) if (found && found == *(void **)&real_##function) return (void *)function;
    OURS(write) OURS(pwrite64) OURS(writev) OURS(pwritev64) OURS(read) OURS(pread64) OURS(fsync) OURS(fdatasync)
    OURS(ftruncate64) OURS(posix_fallocate64) OURS(open64) OURS(openat64) OURS(rename) OURS(renameat) OURS(unlink)
    OURS(unlinkat) OURS(mkdir) OURS(mkdirat) OURS(rmdir) OURS(symlink) OURS(symlinkat) OURS(link) OURS(linkat)
    OURS(chmod) OURS(fchmod) OURS(fchownat) OURS(setxattr) OURS(syscall)
    return found;
}
