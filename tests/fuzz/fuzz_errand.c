/* What a child that a hostile file has taken over may send to the caller. */
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "fuzz/fuzz.h"
#include "jail/errand.h"

#include "base/banned.h"

enum {
    FACTS = 48,
    BLOB = 256,
    WAIT_US =
        20000, /* for a child that sends no more: it has gone, or is asked to read more than fits a socket */
};

static void take_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    (void)user;
    MUST(level <= WP_LOG_DEBUG && room[0] != '\0');
    MUST(fuzz_is_clean(line, strlen(line) + 1));
}

/* Each message is preceded by its length, in two bytes. */
static void send_all(int socket, const uint8_t *data, size_t size)
{
    while (size > 2) {
        size_t len = data[0] | (size_t)data[1] << 8;
        data += 2;
        size -= 2;
        len = len < size ? len : size;
        if (send(socket, data, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
            break; /* the socket is full */
        data += len;
        size -= len;
    }
    MUST(shutdown(socket, SHUT_WR) == 0);
}

static void check(const struct wp_errand *errand, enum wp_wire wire)
{
    MUST(wire <= WP_WIRE_LATE && errand->logs <= WP_FRAME_LOGS_MAX + 1);
    MUST(errand->task->blob->len <= BLOB);
    if (wire != WP_WIRE_OK) {
        MUST(errand->end == WP_JAIL_DONE || errand->end == WP_JAIL_LIED);
        return;
    }
    MUST(errand->status == WP_OK || errand->status == WP_INPUT || errand->status == WP_NETWORK);
    if (errand->status != WP_OK)
        MUST_BE_CLEAN(errand->error->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t content[4096];
    uint8_t facts[FACTS] = {0};
    struct fuzz_bytes bytes = {content, sizeof content};
    struct wp_reader reader = fuzz_reader(&bytes);
    struct wp_buf blob = wp_buf_new(BLOB);
    struct wp_log log = {.fn = take_line, .level = WP_LOG_DEBUG};
    struct wp_error error = {.status = WP_OK};
    int sockets[2];
    MUST(wp_wire_pair(sockets));
    send_all(sockets[1], data, size);
    struct wp_jail_task task = {
        .request = "x",
        .request_size = 1,
        .reader = &reader,
        .fd = -1,
        .log = &log,
        .facts = facts,
        .facts_size = sizeof facts,
        .blob = &blob,
    };
    int64_t now_us = wp_clock_now_us();
    struct wp_errand errand = {
        .socket = sockets[0],
        .task = &task,
        .error = &error,
        .deadline_us = now_us + WAIT_US,
        .last_us = now_us + INT64_C(2) * WAIT_US,
    };
    check(&errand, wp_errand_attend(&errand));
    free(errand.bytes);
    wp_buf_free(&blob);
    MUST(close(sockets[0]) == 0 && close(sockets[1]) == 0);
    return 0;
}
