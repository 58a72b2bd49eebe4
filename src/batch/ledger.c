#include "batch/ledger.h"

#include <assert.h>

#include "base/banned.h"

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t wp_ledger_total(const struct wp_ledger *ledger)
{
    return add(ledger->reserved, ledger->spent);
}

bool wp_ledger_reserve(struct wp_ledger *ledger, uint64_t amount)
{
    uint64_t total = wp_ledger_total(ledger);
    if (ledger->most != UINT64_MAX && (total > ledger->most || amount > ledger->most - total))
        return false;
    wp_ledger_commit(ledger, amount);
    return true;
}

void wp_ledger_settle(struct wp_ledger *ledger, uint64_t reserved, uint64_t spent)
{
    assert(reserved <= ledger->reserved);
    ledger->reserved -= reserved;
    ledger->spent = add(ledger->spent, spent);
}

void wp_ledger_commit(struct wp_ledger *ledger, uint64_t amount)
{
    ledger->reserved = add(ledger->reserved, amount);
}
