/*
 * The reference: rules, error codes and limits, as documents for programs. What people read is made of the
 * same tables (findings.h, client.h, limits.h).
 */
#ifndef WANPREP_REFERENCE_H
#define WANPREP_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/findings.h"
#include "wanprep/limits.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a rule advises, for a sample input: person.jpg, dance.mp4, or URLs of them. *out is a sentence with a
 * command that works once the names and numbers are the user's own; it is freed with wp_free(). Fails with
 * WP_NOMEM.
 */
WP_API enum wp_status wp_reference_fix(char **out, const struct wp_rule *rule, struct wp_error *error);

/**
 * Writes a JSON document, schema wanprep.explain/1 (docs/explain.schema.json): one rule; or an error code of
 * the service and the rules that foresee it; or, if both are NULL, all rules. *out is freed with wp_free().
 * Fails with WP_USAGE (neither the catalogue nor a rule knows the code) or WP_NOMEM.
 */
WP_API enum wp_status wp_reference_explain(char **out, size_t *length, const struct wp_rule *rule,
                                           const char *code, struct wp_error *error);

/**
 * Writes limits and prices as a JSON document, schema wanprep.profile/1 (docs/profile.schema.json), which
 * wp_profile_read() takes. *out is freed with wp_free(). Fails with WP_NOMEM.
 */
WP_API enum wp_status wp_reference_limits(char **out, size_t *length, const struct wp_limits *limits,
                                          struct wp_error *error);

/** Whether something works, or is in its place. */
struct wp_health {
    const char *check; /**< what it is, e.g. "sandbox" */
    const char *path;  /**< the place; NULL: it has none */
    bool ok;
    const char *detail; /**< for people */
};

/**
 * Writes what an installation can do as a JSON document, schema wanprep.doctor/1 (docs/doctor.schema.json).
 * *out is freed with wp_free(). Fails with WP_NOMEM.
 */
WP_API enum wp_status wp_reference_health(char **out, size_t *length, const struct wp_health *items,
                                          size_t count, struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
