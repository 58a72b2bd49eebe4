/* The service's list of tasks, page by page. */
#ifndef WP_JOB_LIST_H
#define WP_JOB_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "job/call.h"

/* No list is read further: WP_LIST_PAGE rows each. */
#define WP_LIST_MAX_PAGES 20

/* Asks for a page, from 1 on, of the tasks of our model made in [from_ms, to_ms] by the service's clock; both
 * -1: its last 24 h. out->total_page tells how many pages there are. Fails as wp_call_ask(), or where it is
 * not patient as wp_call_try(). */
enum wp_status wp_list_ask(struct wp_task_list *out, struct wp_caller *caller, int64_t from_ms, int64_t to_ms,
                           unsigned page, bool patient, struct wp_error *error);

/* Makes sure that the service's clock is known, as far as the service tells it: where no answer did lately,
 * asks for the list once. What comes does not matter, an answer does. WP_NETWORK, WP_INTERRUPTED, WP_NOMEM.
 */
enum wp_status wp_list_learn_clock(struct wp_caller *caller, struct wp_error *error);

#endif
