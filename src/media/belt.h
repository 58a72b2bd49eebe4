/* Pictures that one thread makes while another looks at those before. Seen inside media/ only. */
#ifndef WP_MEDIA_BELT_H
#define WP_MEDIA_BELT_H

#include <stdbool.h>

#include "media/pictures.h"

struct wp_belt;

/** Makes pictures and puts them onto the belt, until it is done or no more are wanted. WP_OK, or WP_NOMEM. */
typedef enum wp_status wp_belt_fn(struct wp_belt *belt, void *user);

/** Puts a picture, whose memory is the belt's from then on; waits while there is no room. False: no more are
 * wanted. */
bool wp_belt_put(struct wp_belt *belt, struct wp_small_picture *picture);

/**
 * Runs make in a thread of its own, or in this one where there can be no other, and hands what it puts to
 * take, one after the other, in this one. Returns what take returned, if it ended it all, else what make did.
 */
enum wp_status wp_belt_run(wp_belt_fn *make, void *make_user, wp_picture_fn *take, void *user);

#endif
