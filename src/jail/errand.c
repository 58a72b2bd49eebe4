#include "jail/errand.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include "base/banned.h"

/* What a child may send. */
union message {
    uint32_t kind;
    struct wp_frame_read read;
    struct wp_frame_log log;
    struct {
        struct wp_frame_blob head;
        unsigned char bytes[WP_FRAME_PART_MAX];
    } blob;
    struct {
        struct wp_frame_result head;
        unsigned char facts[WP_JAIL_FACTS_MAX];
    } result;
};

enum wp_wire wp_errand_send(struct wp_errand *errand)
{
    const struct wp_jail_task *task = errand->task;
    struct wp_frame_task head = {
        .kind = WP_FRAME_TASK,
        .facts_size = (uint32_t)task->facts_size,
        .blob_ceiling = task->blob ? (uint32_t)task->blob->ceiling : 0,
        .log_level = task->log && task->log->fn ? (uint32_t)task->log->level : WP_FRAME_NO_LOG,
        .size = task->reader->size,
    };
    unsigned char request[WP_JAIL_REQUEST_MAX];
    memcpy(request, task->request, task->request_size);
    struct iovec parts[2] = {{&head, sizeof head}, {request, task->request_size}};
    return wp_wire_send(errand->socket, parts, 2, task->fd, errand->deadline_us);
}

/* Notes that the child sent what it never would. */
static enum wp_wire lied(struct wp_errand *errand)
{
    errand->end = WP_JAIL_LIED;
    return WP_WIRE_CLOSED;
}

/* Answers a READ. The time that it takes is not the child's. */
static enum wp_wire serve_read(struct wp_errand *errand, const struct wp_frame_read *read, size_t len)
{
    const struct wp_reader *reader = errand->task->reader;
    size_t got = 0;
    if (len != sizeof *read || read->length > WP_FRAME_PART_MAX)
        return lied(errand);
    if (!errand->bytes)
        errand->bytes = wp_malloc(WP_FRAME_PART_MAX);
    int64_t begin_us = wp_clock_now_us();
    struct wp_error reason = {.status = WP_OK};
    enum wp_status status = errand->bytes ? reader->read_at(reader->user, errand->bytes, read->length,
                                                            read->offset, &got, &reason)
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
    struct wp_frame_bytes head = {WP_FRAME_BYTES, (uint32_t)status};
    struct iovec parts[2] = {{&head, sizeof head}, {errand->bytes, got}};
    return wp_wire_send(errand->socket, parts, 2, -1, errand->deadline_us);
}

static enum wp_wire take_log(struct wp_errand *errand, struct wp_frame_log *log, size_t len)
{
    static const char *const rooms[] = {"media", "probe"};
    const char *room = "jail";
    if (len != sizeof *log || errand->logs++ >= WP_FRAME_LOGS_MAX || log->level > WP_LOG_DEBUG)
        return lied(errand);
    log->room[sizeof log->room - 1] = '\0';
    log->line[sizeof log->line - 1] = '\0';
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        if (strcmp(rooms[i], log->room) == 0)
            room = rooms[i];
    }
    wp_log_line(errand->task->log, (enum wp_log_level)log->level, room, "%s", log->line);
    return WP_WIRE_OK;
}

static enum wp_wire take_blob(struct wp_errand *errand, const unsigned char *bytes, size_t len)
{
    struct wp_buf *blob = errand->task->blob;
    if (!blob || len == 0 || len > blob->ceiling - blob->len)
        return lied(errand);
    (void)wp_buf_add(blob, bytes, len);
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

static enum wp_wire take_result(struct wp_errand *errand, struct wp_frame_result *result,
                                const unsigned char *facts, size_t len)
{
    const struct wp_jail_task *task = errand->task;
    bool known = result->status == WP_OK || result->status == WP_INPUT || result->status == WP_NETWORK ||
                 result->status == WP_NOMEM;
    if (len != sizeof *result + task->facts_size || !known)
        return lied(errand);
    if (task->facts_size > 0) /* a task may ask for a blob alone */
        memcpy(task->facts, facts, task->facts_size);
    errand->status = settle(errand, result);
    return WP_WIRE_OK;
}

static enum wp_wire take(struct wp_errand *errand, union message *message, size_t len)
{
    switch (message->kind) {
    case WP_FRAME_READ:
        return serve_read(errand, &message->read, len);
    case WP_FRAME_LOG:
        return take_log(errand, &message->log, len);
    case WP_FRAME_BLOB:
        return take_blob(errand, message->blob.bytes, len - sizeof message->blob.head);
    case WP_FRAME_RESULT:
        return take_result(errand, &message->result.head, message->result.facts, len);
    default:
        return lied(errand);
    }
}

enum wp_wire wp_errand_attend(struct wp_errand *errand)
{
    for (;;) {
        union message message;
        struct iovec room = {&message, sizeof message};
        size_t len;
        enum wp_wire wire = wp_wire_receive(errand->socket, &room, 1, &len, NULL, errand->deadline_us);
        if (wire == WP_WIRE_OK && (len < sizeof message.kind || len > sizeof message))
            wire = lied(errand);
        if (wire == WP_WIRE_OK)
            wire = take(errand, &message, len);
        if (wire != WP_WIRE_OK || message.kind == WP_FRAME_RESULT)
            return wire;
        if (wp_clock_now_us() >= errand->deadline_us) /* a child may have something to say for ever */
            return WP_WIRE_LATE;
    }
}
