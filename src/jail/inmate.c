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
    _Alignas(max_align_t) unsigned char request[WP_JAIL_REQUEST_MAX];
    _Alignas(max_align_t) unsigned char facts[WP_JAIL_FACTS_MAX];
};

static bool tell(uint32_t kind, struct iovec *parts, size_t count)
{
    struct wp_frame frame = {.kind = kind};
    struct iovec all[4] = {{&frame, sizeof frame}};
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = parts[i];
        frame.length += (uint32_t)parts[i].iov_len;
    }
    return wp_wire_send(WP_JAIL_SOCKET, all, count + 1, -1, WP_WIRE_PATIENT) == WP_WIRE_OK;
}

/* Without the caller there is nothing left to do. */
static void hear(void *out, size_t len)
{
    if (wp_wire_receive(WP_JAIL_SOCKET, out, len, WP_WIRE_PATIENT) != WP_WIRE_OK)
        _exit(0);
}

/* One READ and its answer. */
static enum wp_status ask(void *out, size_t len, uint64_t offset, size_t *got)
{
    struct wp_frame_read read = {.offset = offset, .length = (uint32_t)len};
    struct wp_frame frame;
    struct wp_frame_bytes head;
    if (!tell(WP_FRAME_READ, &(struct iovec){&read, sizeof read}, 1))
        _exit(0);
    hear(&frame, sizeof frame);
    hear(&head, sizeof head);
    *got = frame.length - sizeof head;
    if (frame.kind != WP_FRAME_BYTES || *got > len)
        _exit(1);
    hear(out, *got);
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
        size_t part = len - *got < WP_FRAME_READ_MAX ? len - *got : WP_FRAME_READ_MAX, came = 0;
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
    struct wp_frame_log log = {.level = (uint32_t)level};
    if (inmate->logs++ >= WP_FRAME_LOGS_MAX)
        return;
    wp_text_copy(log.room, sizeof log.room, room);
    wp_text_copy(log.line, sizeof log.line, line);
    (void)tell(WP_FRAME_LOG, &(struct iovec){&log, sizeof log}, 1);
}

/* Waits for a task; false when there will be none. */
static bool next_task(struct inmate *inmate)
{
    struct wp_frame frame;
    if (wp_wire_receive_fd(WP_JAIL_SOCKET, &frame, sizeof frame, &inmate->fd) != WP_WIRE_OK)
        return false;
    hear(&inmate->head, sizeof inmate->head);
    if (frame.kind != WP_FRAME_TASK || inmate->head.request_size > WP_JAIL_REQUEST_MAX ||
        inmate->head.facts_size > WP_JAIL_FACTS_MAX)
        _exit(1);
    hear(inmate->request, inmate->head.request_size);
    memset(inmate->facts, 0, inmate->head.facts_size);
    inmate->logs = 0;
    return true;
}

static void run_task(struct inmate *inmate, wp_jail_fn *work)
{
    struct wp_reader reader = {.size = inmate->head.size, .read_at = read_at, .user = inmate};
    struct wp_log log = {.fn = log_line, .user = inmate, .level = (enum wp_log_level)inmate->head.log_level};
    struct wp_buf blob = wp_buf_new(inmate->head.blob_ceiling);
    const struct wp_jail_task task = {
        .request = inmate->request,
        .request_size = inmate->head.request_size,
        .reader = &reader,
        .fd = -1,
        .log = inmate->head.log_level == WP_FRAME_NO_LOG ? NULL : &log,
        .facts = inmate->facts,
        .facts_size = inmate->head.facts_size,
        .blob = inmate->head.blob_ceiling > 0 ? &blob : NULL,
    };
    struct wp_error error = {.status = WP_OK};
    struct wp_frame_result result = {.status = (uint32_t)work(&task, &error)};
    result.blob_length = (uint32_t)blob.len;
    wp_text_copy(result.message, sizeof result.message, error.message);
    struct iovec parts[] = {
        {&result, sizeof result}, {inmate->facts, inmate->head.facts_size}, {blob.data, blob.len}};
    if (!tell(WP_FRAME_RESULT, parts, 3))
        _exit(0);
    wp_buf_free(&blob);
    if (inmate->fd >= 0)
        (void)close(inmate->fd);
}

_Noreturn void wp_inmate_serve(int socket, pid_t parent, wp_jail_fn *work,
                               const struct wp_jail_limits *limits)
{
    struct wp_frame_ready ready = {.error = 0};
    struct inmate inmate;
    const char *failed =
        limits ? wp_rights_settle(socket, parent, limits) : wp_rights_inherit(socket, parent);
    if (!failed)
        failed = wp_rights_filter();
    if (failed) {
        ready.error = errno ? errno : EPERM;
        wp_text_copy(ready.step, sizeof ready.step, failed);
    }
    if (!tell(WP_FRAME_READY, &(struct iovec){&ready, sizeof ready}, 1) || failed)
        _exit(1);
    while (next_task(&inmate))
        run_task(&inmate, work);
    _exit(0);
}
