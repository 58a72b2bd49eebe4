/* The port that the emulator listens on, and can be away from. */
#ifndef WP_SANDBOX_LISTENER_H
#define WP_SANDBOX_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "wanprep/status.h"

struct sb_listener {
    uint16_t port;
    int keeper; /**< holds the port, but does not listen; -1: not open */
    int fd;     /**< listens, without blocking; -1: away, connections are refused */
};

/** Listens on 127.0.0.1:port; 0: any free one. Fails with WP_NETWORK. Closed with sb_listener_close() in any
 * case. */
enum wp_status sb_listener_open(struct sb_listener *listener, uint16_t port, struct wp_error *error);
void sb_listener_close(struct sb_listener *listener);

/** Stops listening, and listens again: what waited in the queue is lost. */
void sb_listener_leave(struct sb_listener *listener);
bool sb_listener_return(struct sb_listener *listener);

#endif
