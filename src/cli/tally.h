/* How many rows came to which end, and what that means for the whole. */
#ifndef WP_CLI_TALLY_H
#define WP_CLI_TALLY_H

#include "base/buf.h"
#include "wanprep/report.h"
#include "wanprep/status.h"

/** How many statuses there are. */
enum { WP_TALLY_KINDS = 19 };

/** Counts by status, in the order of status.def. */
struct wp_tally {
    struct wp_status_count counts[WP_TALLY_KINDS];
};

struct wp_tally wp_tally_new(void);

void wp_tally_add(struct wp_tally *tally, enum wp_status status);

/** How many have this status. */
size_t wp_tally_of(const struct wp_tally *tally, enum wp_status status);

/**
 * The status whose exit code the whole has: WP_OK if all rows are done, else that of the worst: by exit code
 * 70, 7, 4, 3, 5, 6, 1, 130 (rows that were not begun because another one ended the batch).
 */
enum wp_status wp_tally_worst(const struct wp_tally *tally);

/** "5 done, 2 rejected by the preflight, …", for people; "" if nothing was counted. */
void wp_tally_text(struct wp_buf *out, const struct wp_tally *tally);

#endif
