/* The table of a batch that is under way, for a terminal. */
#ifndef WP_CLI_TABLE_H
#define WP_CLI_TABLE_H

#include "base/buf.h"
#include "cli/roll.h"
#include "wanprep/batch.h"

/** What to draw, and how much room there is. */
struct wp_table {
    const struct wp_roll *roll;
    const struct wp_batch_state *state;
    size_t total;         /**< rows; 0: nobody knows */
    const char *currency; /**< NULL: nothing is known of prices */
    bool has_max_cost;
    uint64_t max_cost; /**< thousandths */
    int64_t now_ms;
    size_t columns, lines; /**< of the terminal */
};

/**
 * Adds the rows that are under way, those first that will be done first, and below them how many are where,
 * the money, and when the queue will be over. Each line ends with a line break and is at most columns - 1
 * wide; there are at most lines - 1. Only text, without control bytes.
 */
void wp_table_draw(struct wp_buf *out, const struct wp_table *table);

/** Only the numbers, in one line without a line break. */
void wp_table_sum(struct wp_buf *out, const struct wp_table *table);

/** How many columns of a terminal text takes, which is UTF-8: 2 for what East Asian scripts have wide. */
size_t wp_table_width(const char *text, size_t len);

#endif
