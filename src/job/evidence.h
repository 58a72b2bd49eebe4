/*
 * Evidence: what was asked and answered, kept beside the results.
 *
 * tasks/<id>.log.jsonl holds one line for every request and one for every answer, tasks/<id>.json the final
 * answer of the task. Both pass through wp_redact(): they hold no key, and of signed URLs (the upload policy,
 * the result) not the signature. The only place that keeps the signed result URL is the database.
 */
#ifndef WP_JOB_EVIDENCE_H
#define WP_JOB_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "job/places.h"
#include "net/http.h"
#include "wanprep/log.h"

struct wp_evidence {
    char log_path[WP_PATH_SIZE]; /* "": nothing is kept */
    const struct wp_clock *clock;
    const struct wp_log *log;
    bool complained; /* that a line could not be written; said once */
};

/* Appends a line. A log that cannot be written is a warning in the log, never a reason to stop a job that may
 * be paid for. name is e.g. "create"; body NULL: none, or not for keeping. */
void wp_evidence_request(struct wp_evidence *evidence, const char *name, const char *method, const char *url,
                         const char *body, size_t body_len);

/* failure: why there is no complete answer; NULL if there is one. */
void wp_evidence_answer(struct wp_evidence *evidence, const char *name, const struct wp_http_answer *answer,
                        const struct wp_error *failure);

/* Something about the result that is not as expected. */
void wp_evidence_note(struct wp_evidence *evidence, const char *about, const char *message);

/* Writes the final answer, whole or not at all. Fails with WP_OUTPUT or WP_NOMEM. */
enum wp_status wp_evidence_keep_answer(const char *path, const char *body, size_t len,
                                       struct wp_error *error);

#endif
