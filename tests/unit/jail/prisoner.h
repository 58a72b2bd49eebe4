/* What the tests have run in a child: one deed a task, named by the request. */
#ifndef TEST_PRISONER_H
#define TEST_PRISONER_H

#include "unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "jail/jail.h"
#include "jail/rights.h"
#include "jail/wire.h"
#include "unit/bytes.h"

/* A variable where the kernel put it; set before there is a child. */
static const char *search_path;

enum deed {
    ADD_UP,     /* reads everything; facts: sum and count of the bytes, pid */
    READ_PAST,  /* reads across the end and behind it */
    FAIL_INPUT, /* returns WP_INPUT with a reason */
    NO_MEMORY,  /* returns WP_NOMEM */
    LOG,        /* logs lines of every kind */
    LOG_FLOOD,
    BLOB,     /* appends value bytes */
    THREADS,  /* computes with two threads */
    LOOK,     /* looks around: environment, descriptors, limits */
    TRY_OPEN, /* facts: the errno of open() */
    CRASH,
    ABORT,
    EXIT,
    SPIN,
    SLEEP,
    READ_FOREVER,
    EAT, /* allocates and touches memory until there is none; facts: MiB */
    EAT_SHARED,
    CONNECT,
    EXEC,
    FORK,
    KILL_CALLER,
    TRACE,
    MAP_CODE,
    MAKE_CODE,
    WRITE_FILE,
    WRITE_STDOUT,
    RAISE_LIMIT,
    /* What a decoder that was taken over sends. */
    SEND_GARBAGE,
    SEND_LITTLE,
    SEND_SHORT_RESULT,
    SEND_LONG_RESULT,
    SEND_HUGE_RESULT,
    SEND_BAD_STATUS,
    SEND_HUGE_BLOB,
    SEND_MUCH_BLOB,
    SEND_NO_BLOB,
    SEND_BAD_LOG,
    SEND_SHORT_READ,
    SEND_LONG_READ,
    SEND_READS,   /* and takes no answer */
    SEND_EMPTY,   /* a message without a byte, and lives on */
    SEND_NOTHING, /* closes its socket and lives on */
};

struct request {
    enum deed deed;
    uint64_t value;
};

struct found {
    uint64_t count, sum;
    pid_t pid;
    int error;
    uint64_t mib;
    bool has_environment, is_dumpable;
    unsigned descriptors;
    size_t first, second, third; /* what reads gave */
    int prepared;                /* how often the process of this child, or its warden, was made ready */
};

static inline void send_raw(void *bytes, size_t len)
{
    (void)wp_wire_send(WP_JAIL_SOCKET, &(struct iovec){bytes, len}, 1, -1, WP_WIRE_PATIENT);
}

static inline enum wp_status add_up(const struct wp_jail_task *task, struct found *found,
                                    struct wp_error *error)
{
    static unsigned char piece[300000];
    for (uint64_t at = 0; at < task->reader->size; at += sizeof piece) {
        size_t got = 0;
        enum wp_status status =
            task->reader->read_at(task->reader->user, piece, sizeof piece, at, &got, error);
        if (status != WP_OK)
            return status;
        found->count += got;
        for (size_t i = 0; i < got; i++)
            found->sum += piece[i];
    }
    return WP_OK;
}

static inline void read_past(const struct wp_jail_task *task, struct found *found)
{
    char piece[64];
    const struct wp_reader *reader = task->reader;
    (void)reader->read_at(reader->user, piece, sizeof piece, reader->size - 10, &found->first, NULL);
    (void)reader->read_at(reader->user, piece, sizeof piece, reader->size, &found->second, NULL);
    (void)reader->read_at(reader->user, piece, sizeof piece, UINT64_MAX - 5, &found->third, NULL);
}

static inline void *count_up(void *user)
{
    for (int i = 0; i < 1000; i++)
        ++*(uint64_t *)user;
    return user;
}

static inline enum wp_status use_threads(struct found *found)
{
    pthread_t threads[2];
    uint64_t counts[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, count_up, &counts[i]) != 0)
            return WP_INPUT;
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    found->sum = counts[0] + counts[1];
    return WP_OK;
}

static inline void eat(struct found *found)
{
    const size_t piece = 16 << 20;
    for (;;) {
        char *memory = malloc(piece);
        if (!memory)
            return;
        memset(memory, 1, piece);
        found->mib += 16;
    }
}

static inline void eat_shared(void)
{
    (void)!mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* What no child may do: each of them is its end. */
static inline void misbehave(enum deed deed)
{
    pid_t caller = getpid() - 1;
    void *page;
    switch ((int)deed) {
    case CONNECT:
        (void)!socket(AF_INET, SOCK_STREAM, 0);
        break;
    case EXEC:
        (void)execl("/bin/true", "true", (char *)NULL);
        break;
    case FORK:
        (void)!fork();
        break;
    case KILL_CALLER:
        (void)kill(caller, SIGKILL);
        break;
    case TRACE:
        (void)syscall(SYS_process_vm_readv, caller, NULL, 0, NULL, 0, 0);
        break;
    case MAP_CODE:
        (void)!mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        break;
    case MAKE_CODE:
        page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        (void)mprotect(page, 4096, PROT_READ | PROT_EXEC);
        break;
    case WRITE_FILE:
        (void)syscall(SYS_creat, "/tmp/wanprep-jail-test", 0600);
        break;
    case WRITE_STDOUT:
        (void)!write(STDOUT_FILENO, "x", 1);
        break;
    case RAISE_LIMIT:
        (void)syscall(SYS_setrlimit, 2, NULL);
        break;
    default:
        eat_shared();
    }
}

static inline void lie(enum deed deed, const struct wp_jail_task *task)
{
    struct {
        struct wp_frame_result head;
        char facts[WP_JAIL_FACTS_MAX + 1];
    } result = {.head = {.kind = WP_FRAME_RESULT, .status = WP_OK}};
    struct wp_frame_log log = {.kind = WP_FRAME_LOG, .level = 1000};
    struct wp_frame_read read = {.kind = WP_FRAME_READ, .length = WP_FRAME_PART_MAX + 1};
    static char blob[100000] = {WP_FRAME_BLOB};
    size_t whole = sizeof result.head + task->facts_size;
    switch ((int)deed) {
    case SEND_GARBAGE:
        send_raw((char[]){"garbage"}, 7);
        break;
    case SEND_LITTLE:
        send_raw((char[]){"x"}, 1);
        break;
    case SEND_EMPTY:
        send_raw(NULL, 0);
        break;
    case SEND_SHORT_RESULT:
        send_raw(&result, whole - 1);
        break;
    case SEND_LONG_RESULT:
        send_raw(&result, whole + 1);
        break;
    case SEND_HUGE_RESULT:
        memcpy(blob, &result.head, sizeof result.head);
        send_raw(blob, sizeof blob);
        break;
    case SEND_HUGE_BLOB:
        send_raw(blob, sizeof blob);
        break;
    case SEND_MUCH_BLOB:
        for (int i = 0; i < 10; i++)
            send_raw(blob, 50000);
        break;
    case SEND_NO_BLOB:
        send_raw(blob, sizeof(struct wp_frame_blob));
        break;
    case SEND_BAD_STATUS:
        result.head.status = WP_INTERNAL;
        send_raw(&result, whole);
        break;
    case SEND_BAD_LOG:
        send_raw(&log, sizeof log);
        break;
    case SEND_LONG_READ:
        send_raw(&read, sizeof read);
        break;
    case SEND_SHORT_READ:
        send_raw(&read, sizeof read - 1);
        break;
    case SEND_READS:
        for (read.length = 1;;)
            send_raw(&read, sizeof read);
    default:
        close(WP_JAIL_SOCKET);
    }
    for (;;)
        usleep(1000);
}

static inline void look(struct found *found)
{
    extern char **environ;
    found->has_environment = (environ && environ[0]) || (search_path && search_path[0]);
    for (int fd = 0; fd < 64; fd++)
        found->descriptors += pread(fd, NULL, 0, 0) == 0 || errno != EBADF;
}

static inline void log_lines(const struct wp_jail_task *task, int count)
{
    for (int i = 0; i < count; i++)
        wp_log_line(task->log, WP_LOG_INFO, "media", "line %d", i);
    wp_log_line(task->log, WP_LOG_WARN, "a room that is not there", "bell \a and key sk-0123456789abcdef");
    wp_log_line(task->log, WP_LOG_DEBUG, "media", "too fine");
}

static inline enum wp_status prisoner(const struct wp_jail_task *task, void *user, struct wp_error *error)
{
    const struct request *request = task->request;
    struct found *found = task->facts;
    found->prepared = user ? *(const int *)user : 0;
    found->pid = getpid();
    switch ((int)request->deed) {
    case ADD_UP:
        return add_up(task, found, error);
    case READ_PAST:
        read_past(task, found);
        return WP_OK;
    case FAIL_INPUT:
        return wp_fail(error, WP_INPUT, "test", "a reason");
    case NO_MEMORY:
        return wp_fail_nomem(error, "test");
    case LOG:
        log_lines(task, 2);
        return WP_OK;
    case LOG_FLOOD:
        log_lines(task, 5000);
        return WP_OK;
    case BLOB:
        for (uint64_t i = 0; task->blob && i < request->value; i++)
            (void)wp_buf_add(task->blob, &(char){(char)(i & 0x7f)}, 1);
        return WP_OK;
    case THREADS:
        return use_threads(found);
    case LOOK:
        look(found);
        return WP_OK;
    case TRY_OPEN:
        found->error = open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
        return WP_OK;
    case CRASH:
        raise(SIGSEGV);
        return WP_OK;
    case ABORT:
        abort();
    case EXIT:
        _exit(0);
    case SPIN:
        for (volatile uint64_t i = 0;; i++)
            continue;
    case SLEEP:
        for (;;)
            usleep(1000);
    case READ_FOREVER:
        while (add_up(task, found, error) == WP_OK)
            continue;
        return WP_OK;
    case EAT:
        eat(found);
        return WP_OK;
    case EAT_SHARED:
    case CONNECT:
    case EXEC:
    case FORK:
    case KILL_CALLER:
    case TRACE:
    case MAP_CODE:
    case MAKE_CODE:
    case WRITE_FILE:
    case WRITE_STDOUT:
    case RAISE_LIMIT:
        misbehave(request->deed);
        return WP_OK;
    default:
        lie(request->deed, task);
    }
    return WP_OK;
}

/* A jail with one cell, and what the last task found. */
struct bench {
    struct wp_jail *jail;
    struct wp_cell *cell;
    struct bytes bytes;
    struct found found;
    enum wp_jail_end end;
    struct wp_error error;
    struct wp_buf *blob;
    const struct wp_log *log;
    int fd;
};

/* Everything holds for the children of a warden and for the caller's own. */
static bool without_warden;

#define RUN_BOTH(tests)                                                                                      \
    (cmocka_run_group_tests_name("of a warden", tests, NULL, NULL) +                                         \
     ((without_warden = true), cmocka_run_group_tests_name("of the caller", tests, NULL, NULL)))

static inline void get_ready(void *user)
{
    ++*(int *)user;
}

static inline struct bench bench_open(int64_t wall_ms)
{
    struct bench bench = {.bytes = bytes_of_size(1000000), .fd = -1};
    const struct wp_jail_limits limits = {
        .wall_ms = wall_ms, .memory = 256 << 20, .no_warden = without_warden};
    for (size_t i = 0; i < bench.bytes.len; i++)
        bench.bytes.data[i] = (uint8_t)(i * 7);
    static int prepared;
    const struct wp_jail_work work = {.run = prisoner, .prepare = get_ready, .user = &prepared};
    assert_int_equal(wp_jail_open(&bench.jail, &work, &limits, &bench.error), WP_OK);
    assert_int_equal(wp_cell_open(&bench.cell, bench.jail, NULL, &bench.error), WP_OK);
    return bench;
}

static inline void bench_close(struct bench *bench)
{
    wp_cell_close(bench->cell);
    wp_jail_close(bench->jail);
    free(bench->bytes.data);
}

static inline enum wp_status bench_run_value(struct bench *bench, enum deed deed, uint64_t value)
{
    const struct request request = {deed, value};
    const struct wp_reader reader = bytes_reader(&bench->bytes);
    const struct wp_jail_task task = {
        .request = &request,
        .request_size = sizeof request,
        .reader = &reader,
        .fd = bench->fd,
        .log = bench->log,
        .facts = &bench->found,
        .facts_size = sizeof bench->found,
        .blob = bench->blob,
    };
    bench->error = (struct wp_error){.status = WP_OK};
    enum wp_status status = wp_cell_run(bench->cell, &task, &bench->end, &bench->error);
    if (status == WP_INTERNAL)
        fail_msg("%s", bench->error.message);
    return status;
}

static inline enum wp_status bench_run(struct bench *bench, enum deed deed)
{
    return bench_run_value(bench, deed, 0);
}

#endif
