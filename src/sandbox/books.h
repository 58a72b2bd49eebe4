/* What happened, for tests to look at: GET /sandbox/books. No key is ever kept. */
#ifndef WP_SANDBOX_BOOKS_H
#define WP_SANDBOX_BOOKS_H

#include <stddef.h>

#include "sandbox/answer.h"
#include "sandbox/faults.h"
#include "sandbox/request.h"

struct sb_entry;

struct sb_books {
    struct sb_entry *ring; /**< owned; the last `keep` requests */
    size_t keep;
    size_t recorded; /**< ever */
};

struct sb_books sb_books_new(size_t keep);
void sb_books_free(struct sb_books *books);

/** Notes a request and how it was answered; api_key (NULL: none is known) and what its Authorization header
 * says are blotted out wherever they stand. fault is the one that acted, or NULL. Out of memory drops the
 * entry. */
void sb_books_record(struct sb_books *books, const struct sb_request *request, const struct sb_answer *answer,
                     const char *api_key, const struct sb_fault *fault);

/** Writes "requests": the entries, the oldest first. */
void sb_books_put(const struct sb_books *books, struct wp_json_writer *writer);

#endif
