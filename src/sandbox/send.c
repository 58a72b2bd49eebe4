#include "sandbox/send.h"

#include <string.h>
#include <sys/socket.h>

#include "base/banned.h"

/* Sends a reset: see connect(2) on AF_UNSPEC. Closing alone would be an orderly end. */
static void reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    if (info)
        (void)connect(info->connect_fd, &nowhere, sizeof nowhere);
}

/* Gives the body up to the limit, and breaks off where more was promised. */
static ssize_t read_body(void *user, uint64_t offset, char *out, size_t max)
{
    const struct sb_answer *answer = user;
    size_t len;
    const char *bytes = sb_answer_bytes(answer, &len);
    bool limited = answer->delivery != SB_SEND_DRIPPING;
    uint64_t end = limited && answer->limit < len ? answer->limit : len;
    if (offset >= end)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (answer->delivery == SB_SEND_DRIPPING) {
        if (!answer->may_drip(answer->drip_user))
            return 0;
        end = offset + 1;
    }
    size_t n = end - offset < max ? (size_t)(end - offset) : max;
    memcpy(out, bytes + offset, n);
    return (ssize_t)n;
}

static struct MHD_Response *make_response(const struct sb_answer *answer)
{
    enum { BLOCK = 64 * 1024 };
    size_t len;
    const char *bytes = sb_answer_bytes(answer, &len);
    if (answer->delivery == SB_SEND_WHOLE)
        return MHD_create_response_from_buffer(len, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
    uint64_t promised = answer->delivery == SB_SEND_WRONG_LENGTH ? answer->limit : len;
    return MHD_create_response_from_callback(promised, BLOCK, read_body, (void *)(uintptr_t)answer, NULL);
}

enum MHD_Result sb_send(struct MHD_Connection *connection, const struct sb_answer *answer)
{
    if (answer->delivery == SB_SEND_NOTHING) {
        reset(connection);
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
    enum MHD_Result result = fine ? MHD_queue_response(connection, answer->status, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}
