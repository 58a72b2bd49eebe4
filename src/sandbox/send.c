#include "sandbox/send.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"

#include "base/banned.h"

/* Closing then sends a reset instead of an orderly end. */
static void make_close_a_reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (info)
        (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* Gives the first limit bytes of the body and then breaks off. */
static ssize_t read_truncated(void *user, uint64_t offset, char *out, size_t max)
{
    const struct sb_answer *answer = user;
    size_t len;
    const char *bytes = sb_answer_bytes(answer, &len);
    uint64_t end = answer->limit < len ? answer->limit : len;
    if (offset >= end)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t n = end - offset < max ? (size_t)(end - offset) : max;
    memcpy(out, bytes + offset, n);
    return (ssize_t)n;
}

static struct MHD_Response *make_response(const struct sb_answer *answer)
{
    size_t len;
    const char *bytes = sb_answer_bytes(answer, &len);
    if (answer->delivery == SB_SEND_TRUNCATED && answer->limit < len)
        return MHD_create_response_from_callback(len, 64 * 1024, read_truncated, (void *)(uintptr_t)answer,
                                                 NULL);
    return MHD_create_response_from_buffer(len, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
}

/* The library would correct a wrong length; it is told not to. */
static bool lie_about_length(struct MHD_Response *response, uint64_t length)
{
    char text[24];
    (void)wp_text_format(text, sizeof text, "%llu", (unsigned long long)length);
    return MHD_set_response_options(response, MHD_RF_INSANITY_HEADER_CONTENT_LENGTH, MHD_RO_END) == MHD_YES &&
           MHD_add_response_header(response, "Content-Length", text) == MHD_YES &&
           MHD_add_response_header(response, "Connection", "close") == MHD_YES;
}

enum MHD_Result sb_send(struct MHD_Connection *connection, const struct sb_answer *answer)
{
    if (answer->delivery == SB_SEND_NOTHING) {
        make_close_a_reset(connection);
        return MHD_NO;
    }
    struct MHD_Response *response = make_response(answer);
    if (!response)
        return MHD_NO;
    bool fine = true;
    if (answer->type)
        fine = MHD_add_response_header(response, "Content-Type", answer->type) == MHD_YES;
    for (size_t i = 0; i < answer->header_count && fine; i++)
        fine =
            MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value) == MHD_YES;
    if (fine && answer->delivery == SB_SEND_WRONG_LENGTH)
        fine = lie_about_length(response, answer->limit);
    enum MHD_Result result = fine ? MHD_queue_response(connection, answer->status, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}
