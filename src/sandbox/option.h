/* The options as rows: parsing, bounds, defaults and help all come from them. */
#ifndef WP_SANDBOX_OPTION_H
#define WP_SANDBOX_OPTION_H

#include <stddef.h>
#include <stdint.h>

enum sb_option_kind {
    SB_HEADING, /**< no option: begins a group in the help */
    SB_TEXT,    /**< const char * */
    SB_NUMBER,  /**< int64_t */
    SB_TIME,    /**< int64_t, in ms */
    SB_CHOICE,  /**< int64_t: the index of the word; the first one is the default */
    SB_FAULT,
    SB_HELP,
    SB_VERSION,
};

enum { SB_MAX_CHOICES = 4 };

struct sb_option {
    enum sb_option_kind kind;
    const char *name;  /**< without dashes; of a heading: its text */
    const char *value; /**< how help calls the value; NULL: none, or the choices */
    size_t offset;     /**< of the field in struct sb_config */
    int64_t min, max;
    int64_t fallback;          /**< the default of a number or time */
    const char *fallback_text; /**< the default of a text; NULL: none */
    const char *help;
    const char *choices[SB_MAX_CHOICES];
};

/** The rows. */
const struct sb_option *sb_options(size_t *count);

/** Prints the help to stdout. */
void sb_help_print(void);

#endif
