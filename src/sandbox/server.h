/* The HTTP side: connections in, requests to the service, answers out. Runs in the caller's loop, without
 * threads. */
#ifndef WP_SANDBOX_SERVER_H
#define WP_SANDBOX_SERVER_H

#include <stdint.h>

#include "sandbox/service.h"

struct sb_server;

/** Listens on 127.0.0.1:port (0: a free one), sets service->root. Fails with WP_NETWORK or WP_NOMEM. Freed
 * with sb_server_stop(). */
enum wp_status sb_server_start(struct sb_server **out, struct sb_service *service, uint16_t port,
                               struct wp_error *error);
void sb_server_stop(struct sb_server *server);

/** To poll() for reading. */
int sb_server_fd(const struct sb_server *server);

/** How long poll() may wait; -1: for ever. */
int sb_server_wait_ms(const struct sb_server *server);

/** Does all that can be done now without waiting. */
void sb_server_run(struct sb_server *server);

#endif
