#include "jail/errand.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include "base/banned.h"

static enum wp_wire send_frame(const struct wp_errand *errand, uint32_t kind, struct iovec parts[3], int fd)
{
    struct wp_frame frame = {.kind = kind, .length = (uint32_t)(parts[1].iov_len + parts[2].iov_len)};
    parts[0] = (struct iovec){&frame, sizeof frame};
    return wp_wire_send(errand->socket, parts, 3, fd, errand->deadline_us);
}

enum wp_wire wp_errand_send(struct wp_errand *errand)
{
    const struct wp_jail_task *task = errand->task;
    struct wp_frame_task head = {
        .size = task->reader->size,
        .request_size = (uint32_t)task->request_size,
        .facts_size = (uint32_t)task->facts_size,
        .blob_ceiling = task->blob ? (uint32_t)task->blob->ceiling : 0,
        .log_level = task->log && task->log->fn ? (uint32_t)task->log->level : WP_FRAME_NO_LOG,
    };
    unsigned char request[WP_JAIL_REQUEST_MAX];
    memcpy(request, task->request, task->request_size);
    struct iovec parts[3] = {{0}, {&head, sizeof head}, {request, task->request_size}};
    return send_frame(errand, WP_FRAME_TASK, parts, task->fd);
}

static enum wp_wire receive(const struct wp_errand *errand, void *out, size_t len)
{
    return wp_wire_receive(errand->socket, out, len, errand->deadline_us);
}

/* Notes that the child sent what it never would. */
static enum wp_wire lied(struct wp_errand *errand)
{
    errand->end = WP_JAIL_LIED;
    return WP_WIRE_CLOSED;
}

/* Answers a READ. The time that it takes is not the child's. */
static enum wp_wire serve_read(struct wp_errand *errand)
{
    const struct wp_reader *reader = errand->task->reader;
    struct wp_frame_read read;
    struct wp_frame_bytes head = {.status = WP_OK};
    size_t got = 0;
    enum wp_wire wire = receive(errand, &read, sizeof read);
    if (wire != WP_WIRE_OK)
        return wire;
    if (read.length > WP_FRAME_READ_MAX)
        return lied(errand);
    if (!errand->bytes)
        errand->bytes = wp_malloc(WP_FRAME_READ_MAX);
    int64_t begin_us = wp_clock_now_us();
    struct wp_error reason = {.status = WP_OK};
    enum wp_status status =
        errand->bytes ? reader->read_at(reader->user, errand->bytes, read.length, read.offset, &got, &reason)
                      : wp_fail_nomem(&reason, "jail");
    errand->deadline_us += wp_clock_now_us() - begin_us;
    if (errand->deadline_us > errand->last_us)
        errand->deadline_us = errand->last_us;
    if (status != WP_OK) {
        got = 0;
        if (errand->read_status == WP_OK) {
            errand->read_status = status;
            errand->read_error = reason;
        }
    }
    head.status = (uint32_t)status;
    struct iovec parts[3] = {{0}, {&head, sizeof head}, {errand->bytes, got}};
    return send_frame(errand, WP_FRAME_BYTES, parts, -1);
}

static enum wp_wire take_log(struct wp_errand *errand)
{
    static const char *const rooms[] = {"media", "probe"};
    struct wp_frame_log log;
    const char *room = "jail";
    enum wp_wire wire = receive(errand, &log, sizeof log);
    if (wire != WP_WIRE_OK)
        return wire;
    if (errand->logs++ >= WP_FRAME_LOGS_MAX || log.level > WP_LOG_DEBUG)
        return lied(errand);
    log.room[sizeof log.room - 1] = '\0';
    log.line[sizeof log.line - 1] = '\0';
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        if (strcmp(rooms[i], log.room) == 0)
            room = rooms[i];
    }
    wp_log_line(errand->task->log, (enum wp_log_level)log.level, room, "%s", log.line);
    return WP_WIRE_OK;
}

/* The blob goes onto the caller's buffer piece by piece, so that its length is believed only as it comes. */
static enum wp_wire take_blob(struct wp_errand *errand, size_t length)
{
    unsigned char piece[16384];
    while (length > 0) {
        size_t len = length < sizeof piece ? length : sizeof piece;
        enum wp_wire wire = receive(errand, piece, len);
        if (wire != WP_WIRE_OK)
            return wire;
        (void)wp_buf_add(errand->task->blob, piece, len);
        length -= len;
    }
    return WP_WIRE_OK;
}

/* How a task that returned is told to the caller. */
static enum wp_status settle(struct wp_errand *errand, struct wp_frame_result *result)
{
    enum wp_status status = (enum wp_status)result->status;
    const struct wp_buf *blob = errand->task->blob;
    result->message[sizeof result->message - 1] = '\0';
    if (errand->read_status != WP_OK) {
        if (errand->error)
            *errand->error = errand->read_error;
        return errand->read_status;
    }
    if (status == WP_NOMEM)
        errand->end = WP_JAIL_NO_MEMORY;
    else if (status != WP_OK)
        return wp_fail(errand->error, status, "jail", "%s", result->message);
    return blob && blob->failed == WP_NOMEM ? wp_fail_nomem(errand->error, "jail") : WP_OK;
}

static enum wp_wire take_result(struct wp_errand *errand, uint32_t length)
{
    const struct wp_jail_task *task = errand->task;
    struct wp_frame_result result;
    enum wp_wire wire = receive(errand, &result, sizeof result);
    if (wire != WP_WIRE_OK)
        return wire;
    uint32_t ceiling = task->blob ? (uint32_t)task->blob->ceiling : 0;
    bool known = result.status == WP_OK || result.status == WP_INPUT || result.status == WP_NETWORK ||
                 result.status == WP_NOMEM;
    if (!known || result.blob_length > ceiling ||
        length != sizeof result + task->facts_size + result.blob_length)
        return lied(errand);
    wire = receive(errand, task->facts, task->facts_size);
    if (wire == WP_WIRE_OK)
        wire = take_blob(errand, result.blob_length);
    if (wire == WP_WIRE_OK)
        errand->status = settle(errand, &result);
    return wire;
}

enum wp_wire wp_errand_attend(struct wp_errand *errand)
{
    for (;;) {
        struct wp_frame frame;
        enum wp_wire wire = receive(errand, &frame, sizeof frame);
        if (wire != WP_WIRE_OK)
            return wire;
        if (frame.kind == WP_FRAME_RESULT && frame.length >= sizeof(struct wp_frame_result))
            return take_result(errand, frame.length);
        if (frame.kind == WP_FRAME_READ && frame.length == sizeof(struct wp_frame_read))
            wire = serve_read(errand);
        else if (frame.kind == WP_FRAME_LOG && frame.length == sizeof(struct wp_frame_log))
            wire = take_log(errand);
        else
            wire = lied(errand);
        if (wire != WP_WIRE_OK)
            return wire;
    }
}
