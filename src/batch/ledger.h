/*
 * What a batch may cost: estimates are reserved before a job is admitted, and become what was billed or are
 * given back when it ends. Plain arithmetic in thousandths of a currency; the caller sees to it that one
 * thread at a time is in here, so that no two rows can take the same money.
 */
#ifndef WP_BATCH_LEDGER_H
#define WP_BATCH_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

struct wp_ledger {
    uint64_t most;     /**< UINT64_MAX: no maximum */
    uint64_t reserved; /**< by jobs that are not over */
    uint64_t spent;    /**< by those that are */
};

/** Reserves, if together with all that was reserved and spent it is no more than the maximum. */
bool wp_ledger_reserve(struct wp_ledger *ledger, uint64_t amount);

/** Gives a reservation back and counts what it came to in the end; 0 for a job that cost nothing. */
void wp_ledger_settle(struct wp_ledger *ledger, uint64_t reserved, uint64_t spent);

/** Reserves whatever the maximum is: what a joined job will cost is on its way already. */
void wp_ledger_commit(struct wp_ledger *ledger, uint64_t amount);

/** All of it; UINT64_MAX where it does not fit. */
uint64_t wp_ledger_total(const struct wp_ledger *ledger);

#endif
