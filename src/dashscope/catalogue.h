/* The service's error codes, as one table: what each means for a caller. */
#ifndef WP_DASHSCOPE_CATALOGUE_H
#define WP_DASHSCOPE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "dashscope/request.h"

enum wp_error_class {
    WP_CLASS_AUTH,        /**< key or access: no retry */
    WP_CLASS_BILLING,     /**< no retry, though some come as 429 */
    WP_CLASS_THROTTLE,    /**< retry with backoff */
    WP_CLASS_QUOTA,       /**< retry a few times, then the quota is spent */
    WP_CLASS_PARAMETER,   /**< no retry */
    WP_CLASS_FETCH,       /**< the service could not fetch an input: no blind retry */
    WP_CLASS_CONTENT,     /**< refused by content inspection */
    WP_CLASS_FILE,        /**< the preflight should have caught it */
    WP_CLASS_PERSON,      /**< no person, several, not frontal … */
    WP_CLASS_SERVER,      /**< a query may be retried; a create may have happened */
    WP_CLASS_UNAVAILABLE, /**< surely nothing was done: retry */
    WP_CLASS_OTHER,       /**< not in the table: shown raw, not retried */
};

struct wp_error_row {
    const char *code; /**< exact, or a prefix if it ends with '.' */
    enum wp_error_class kind;
    const char *advice; /**< one sentence for people: what to do */
};

/** The table. Static storage. */
const struct wp_error_row *wp_error_rows(size_t *count);

/** The row of a code (exact first, then by prefix), or NULL. */
const struct wp_error_row *wp_error_find(const char *code);

/** The class of a refusal: by its code, else by its HTTP status (401, 403, 408, 429, 5xx …). */
enum wp_error_class wp_error_classify(long http_status, const char *code);

/** What a caller does with an answer that is no success. */
enum wp_call_outcome {
    WP_CALL_GIVE_UP,   /**< final */
    WP_CALL_TRY_AGAIN, /**< surely nothing happened, or asking again is harmless */
    WP_CALL_UNCERTAIN, /**< create only: a task may have been made */
};
enum wp_call_outcome wp_call_judge(enum wp_call call, long http_status, const char *code);

#endif
