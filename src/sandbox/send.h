/* Handing an answer to the HTTP library. */
#ifndef WP_SANDBOX_SEND_H
#define WP_SANDBOX_SEND_H

#include <microhttpd.h>

#include "sandbox/answer.h"

/** Queues the answer, in the manner it asks for. It must stay where it is until the request is completed.
 * MHD_NO makes the library close the connection. */
enum MHD_Result sb_send(struct MHD_Connection *connection, const struct sb_answer *answer);

#endif
