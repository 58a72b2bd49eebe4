/*
 * Options as rows of a table: parsing, help, the man page and error sentences all read the same row.
 */
#ifndef WP_CLI_OPTIONS_H
#define WP_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

struct wp_option;

/** Stores a value into the field of the settings. text is NULL where the option takes none. False: not
 * allowed. */
typedef bool wp_option_set_fn(void *field, const struct wp_option *option, const char *text);

/** One option. */
struct wp_option {
    const char *name;      /**< without the dashes */
    char letter;           /**< the short form; '\0': none */
    const char *value;     /**< how help calls the value; NULL: the option takes none */
    wp_option_set_fn *set; /**< gives the option its type */
    size_t offset;         /**< of the field within the settings */
    int64_t min, max;      /**< the range, for setters of numbers */
    const char *allowed;   /**< for people, behind "it takes"; NULL where there is no value */
    const char *fallback;  /**< the default, for people; NULL: none worth telling */
    const char *help;
};

/** What every command understands; the first member of every command's settings. */
struct wp_common_settings {
    bool help;
    bool quiet;
    unsigned verbose; /**< how often -v was given */
};

/** The rows of struct wp_common_settings; the last ones of every table. */
#define WP_COMMON_OPTIONS                                                                                    \
    {.name = "quiet",                                                                                        \
     .letter = 'q',                                                                                          \
     .set = wp_set_true,                                                                                     \
     .offset = offsetof(struct wp_common_settings, quiet),                                                   \
     .help = "say only what matters: no progress"},                                                          \
        {.name = "verbose",                                                                                  \
         .letter = 'v',                                                                                      \
         .set = wp_set_count,                                                                                \
         .offset = offsetof(struct wp_common_settings, verbose),                                             \
         .help = "say more, and log to standard error; twice: everything"},                                  \
    {                                                                                                        \
        .name = "help", .letter = 'h', .set = wp_set_true,                                                   \
        .offset = offsetof(struct wp_common_settings, help), .help = "show this help"                        \
    }

/** No table is longer. */
#define WP_MAX_OPTIONS 40

/**
 * Reads argv[1] on with getopt_long(), stores into settings, and permutes argv so that the operands stand
 * last; *first is the first of them. Fails with WP_USAGE and a sentence that names the option, what was given
 * and what is allowed.
 */
enum wp_status wp_options_parse(void *settings, const struct wp_option *options, size_t count, int argc,
                                char **argv, int *first, struct wp_error *error);

/** The name that word was probably meant to be: one that it begins, or one that is few typing errors away. */
const char *wp_suggest(const char *word, const char *const *names, size_t count);

/* Setters. The comment names the type of the field. */
bool wp_set_true(void *field, const struct wp_option *option, const char *text);  /**< bool */
bool wp_set_false(void *field, const struct wp_option *option, const char *text); /**< bool */
bool wp_set_count(void *field, const struct wp_option *option, const char *text); /**< unsigned */
bool wp_set_text(void *field, const struct wp_option *option, const char *text);  /**< const char *; not "" */
bool wp_set_duration(void *field, const struct wp_option *option, const char *text); /**< int64_t, ms */
bool wp_set_amount(void *field, const struct wp_option *option,
                   const char *text); /**< uint64_t, thousandths */
bool wp_set_unsigned(void *field, const struct wp_option *option, const char *text); /**< unsigned */
bool wp_set_mode(void *field, const struct wp_option *option, const char *text);     /**< enum wp_mode */
bool wp_set_region(void *field, const struct wp_option *option, const char *text);   /**< enum wp_region */

#endif
