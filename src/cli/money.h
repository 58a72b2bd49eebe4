/* Amounts of money, for people. */
#ifndef WP_CLI_MONEY_H
#define WP_CLI_MONEY_H

#include <stddef.h>
#include <stdint.h>

/** "4.00 CNY": cents, and thousandths only where there are any. An empty currency leaves the number alone. */
void wp_money_text(char *out, size_t size, uint64_t thousandths, const char *currency);

#endif
