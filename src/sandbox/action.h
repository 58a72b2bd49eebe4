/* What a fault can do, as rows. */
#ifndef WP_SANDBOX_ACTION_H
#define WP_SANDBOX_ACTION_H

#include <stddef.h>
#include <stdint.h>

enum sb_action_kind {
    /* These are done instead of the request; REFUSE to HANG also after it where the rule says so. */
    SB_REFUSE,
    SB_HTML,
    SB_HANG,
    SB_DROP_BEFORE,
    /* These are done to the answer of a request that was carried out. */
    SB_DROP_AFTER,
    SB_DELAY,
    SB_DRIP,
    SB_AWAY,
    SB_TRUNCATE,
    SB_WRONG_LENGTH,
    SB_GARBAGE,
    SB_HUGE,
    SB_DEEP,
    SB_OMIT,
    SB_REPEAT,
    SB_SET_STATUS,
    SB_EMPTY_LIST,
    SB_FAIL_TASK,
};

enum sb_action_param { SB_NO_PARAM, SB_NUMBER_PARAM, SB_NAME_PARAM };

struct sb_action {
    const char *word;
    enum sb_action_kind kind;
    unsigned endpoints; /**< where it makes sense: bits 1 << enum sb_endpoint */
    enum sb_action_param param;
    uint64_t min, max, fallback; /**< of a number */
    unsigned status;             /**< of SB_REFUSE and SB_HTML */
    const char *code;            /**< of SB_REFUSE, from the API */
    const char *storage_code;    /**< of SB_REFUSE, from the object storage */
    const char *message;
    const char *help;
};

/** The rows. A new fault is a row, and, if it is of a new kind, a case in apply.c. */
const struct sb_action *sb_actions(size_t *count);

/** The row of a word; NULL if there is none. */
const struct sb_action *sb_action_find(const char *word);

#endif
