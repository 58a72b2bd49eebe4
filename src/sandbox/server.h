/* The HTTP side: connections in, requests to the service, answers out. Runs in the caller's loop, without
 * threads. */
#ifndef WP_SANDBOX_SERVER_H
#define WP_SANDBOX_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/service.h"

struct sb_server;

/** Listens on 127.0.0.1:port (0: a free one), sets service->root. Fails with WP_NETWORK or WP_NOMEM. Freed
 * with sb_server_stop(). */
enum wp_status sb_server_start(struct sb_server **out, struct sb_service *service, uint16_t port,
                               struct wp_error *error);
void sb_server_stop(struct sb_server *server);

/** Waits until there is something to do, or fd is readable, and does it. Fails with WP_INTERNAL. */
enum wp_status sb_server_turn(struct sb_server *server, int fd, bool *readable, struct wp_error *error);

#endif
