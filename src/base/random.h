/* Randomness of the kernel. */
#ifndef WP_BASE_RANDOM_H
#define WP_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** Fills out with size - 1 random hex digits and a NUL. */
void wp_random_hex(char *out, size_t size);

/** A random number in [0, below); below > 0. For jitter. */
uint32_t wp_random_below(uint32_t below);

#endif
