/*
 * One thread that drives the requests of many sessions: a slow one holds up no other, and connections are
 * shared. Callbacks of the requests run on that thread one after the other, so they must not wait for long.
 */
#ifndef WP_NET_LOOP_H
#define WP_NET_LOOP_H

#include "wanprep/status.h"

struct wp_http_loop;

/** Starts the thread. Fails with WP_NOMEM. */
enum wp_status wp_http_loop_new(struct wp_http_loop **out, struct wp_error *error);

/** A further owner: every owner frees it. Returns loop. */
struct wp_http_loop *wp_http_loop_share(struct wp_http_loop *loop);

/** The last owner, sessions that joined among them, ends the thread. NULL is fine. Not from a callback. */
void wp_http_loop_free(struct wp_http_loop *loop);

#endif
