#include "jail/inmate.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "jail/rights.h"
#include "jail/wire.h"

#include "base/banned.h"

/* One task, as the child sees it. */
struct inmate {
    struct wp_frame_task head;
    int fd; /* owned; -1: none */
    unsigned logs;
    size_t request_size;
    _Alignas(max_align_t) unsigned char request[WP_JAIL_REQUEST_MAX];
    _Alignas(max_align_t) unsigned char facts[WP_JAIL_FACTS_MAX];
};

/* Without the caller there is nothing left to do. */
static void tell(struct iovec *parts, size_t count)
{
    if (wp_wire_send(WP_JAIL_SOCKET, parts, count, -1, WP_WIRE_PATIENT) != WP_WIRE_OK)
        _exit(0);
}

/* One READ and its answer. */
static enum wp_status ask(void *out, size_t len, uint64_t offset, size_t *got)
{
    struct wp_frame_read read = {WP_FRAME_READ, (uint32_t)len, offset};
    struct wp_frame_bytes head;
    struct iovec in[2] = {{&head, sizeof head}, {out, len}};
    tell(&(struct iovec){&read, sizeof read}, 1);
    if (wp_wire_receive(WP_JAIL_SOCKET, in, 2, got, NULL, WP_WIRE_PATIENT) != WP_WIRE_OK)
        _exit(0);
    if (*got < sizeof head || head.kind != WP_FRAME_BYTES || *got - sizeof head > len)
        _exit(1);
    *got -= sizeof head;
    return (enum wp_status)head.status;
}

static enum wp_status read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                              struct wp_error *error)
{
    const struct inmate *inmate = user;
    *got = 0;
    if (offset >= inmate->head.size)
        return WP_OK;
    if (len > inmate->head.size - offset)
        len = (size_t)(inmate->head.size - offset);
    if (inmate->fd >= 0)
        return wp_file_read_at(inmate->fd, out, len, offset, got, error);
    while (*got < len) {
        size_t part = len - *got < WP_FRAME_PART_MAX ? len - *got : WP_FRAME_PART_MAX, came = 0;
        enum wp_status status = ask((char *)out + *got, part, offset + *got, &came);
        if (status != WP_OK) {
            *got = 0;
            return wp_fail(error, status, "jail", "reading failed");
        }
        *got += came;
        if (came < part)
            break;
    }
    return WP_OK;
}

static void log_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    struct inmate *inmate = user;
    struct wp_frame_log log = {.kind = WP_FRAME_LOG, .level = (uint32_t)level};
    if (inmate->logs++ >= WP_FRAME_LOGS_MAX)
        return;
    wp_text_copy(log.room, sizeof log.room, room);
    wp_text_copy(log.line, sizeof log.line, line);
    tell(&(struct iovec){&log, sizeof log}, 1);
}

/* Waits for a task; false when there will be none. */
static bool next_task(struct inmate *inmate)
{
    struct iovec in[2] = {{&inmate->head, sizeof inmate->head}, {inmate->request, sizeof inmate->request}};
    size_t got;
    if (wp_wire_receive(WP_JAIL_SOCKET, in, 2, &got, &inmate->fd, WP_WIRE_PATIENT) != WP_WIRE_OK)
        return false;
    if (got < sizeof inmate->head || got > sizeof inmate->head + sizeof inmate->request ||
        inmate->head.kind != WP_FRAME_TASK || inmate->head.facts_size > WP_JAIL_FACTS_MAX)
        _exit(1);
    inmate->request_size = got - sizeof inmate->head;
    memset(inmate->facts, 0, inmate->head.facts_size);
    inmate->logs = 0;
    return true;
}

static void send_blob(const struct wp_buf *blob)
{
    struct wp_frame_blob head = {WP_FRAME_BLOB};
    for (size_t done = 0, len; done < blob->len; done += len) {
        len = blob->len - done < WP_FRAME_PART_MAX ? blob->len - done : WP_FRAME_PART_MAX;
        tell((struct iovec[]){{&head, sizeof head}, {blob->data + done, len}}, 2);
    }
}

static void run_task(struct inmate *inmate, const struct wp_jail_work *work)
{
    struct wp_reader reader = {.size = inmate->head.size, .read_at = read_at, .user = inmate};
    struct wp_log log = {.fn = log_line, .user = inmate, .level = (enum wp_log_level)inmate->head.log_level};
    struct wp_buf blob = wp_buf_new(inmate->head.blob_ceiling);
    const struct wp_jail_task task = {
        .request = inmate->request,
        .request_size = inmate->request_size,
        .reader = &reader,
        .fd = -1,
        .log = inmate->head.log_level == WP_FRAME_NO_LOG ? NULL : &log,
        .facts = inmate->facts,
        .facts_size = inmate->head.facts_size,
        .blob = inmate->head.blob_ceiling > 0 ? &blob : NULL,
    };
    struct wp_error error = {.status = WP_OK};
    struct wp_frame_result result = {WP_FRAME_RESULT, (uint32_t)work->run(&task, work->user, &error), ""};
    wp_text_copy(result.message, sizeof result.message, error.message);
    send_blob(&blob);
    tell((struct iovec[]){{&result, sizeof result}, {inmate->facts, inmate->head.facts_size}}, 2);
    wp_buf_free(&blob);
    if (inmate->fd >= 0)
        (void)close(inmate->fd);
}

_Noreturn void wp_inmate_serve(int socket, pid_t parent, const struct wp_jail_work *work,
                               const struct wp_jail_limits *limits)
{
    struct wp_frame_ready ready = {.kind = WP_FRAME_READY};
    struct inmate inmate;
    const char *failed =
        limits ? wp_rights_settle(socket, parent, limits) : wp_rights_inherit(socket, parent);
    if (!failed)
        failed = wp_rights_filter();
    if (failed) {
        ready.error = errno ? errno : EPERM;
        wp_text_copy(ready.step, sizeof ready.step, failed);
    }
    tell(&(struct iovec){&ready, sizeof ready}, 1);
    if (failed)
        _exit(1);
    while (next_task(&inmate))
        run_task(&inmate, work);
    _exit(0);
}
