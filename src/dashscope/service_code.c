/* The catalogue of error codes, for those who want to read about one. */
#include "dashscope/catalogue.h"
#include "wanprep/client.h"

#include "base/banned.h"

static const char *meaning_of(enum wp_error_class kind)
{
    switch (kind) {
    case WP_CLASS_AUTH:
        return "the key is wrong, or it may not do this";
    case WP_CLASS_BILLING:
        return "the account cannot be billed";
    case WP_CLASS_THROTTLE:
        return "too many requests in too short a time";
    case WP_CLASS_QUOTA:
        return "the quota of the account is used up";
    case WP_CLASS_PARAMETER:
        return "the request itself is not as the service wants it";
    case WP_CLASS_FETCH:
        return "the service could not fetch an input";
    case WP_CLASS_CONTENT:
        return "the content inspection of the service refused the material";
    case WP_CLASS_FILE:
        return "an input is not as the service takes it";
    case WP_CLASS_PERSON:
        return "the service does not see one person as it needs to, which the preflight does not judge";
    case WP_CLASS_SERVER:
        return "the service failed inside";
    case WP_CLASS_UNAVAILABLE:
        return "the model does not answer at the moment";
    case WP_CLASS_OTHER:
        break;
    }
    return "not known";
}

static bool may_succeed_later(enum wp_error_class kind)
{
    return kind == WP_CLASS_THROTTLE || kind == WP_CLASS_QUOTA || kind == WP_CLASS_SERVER ||
           kind == WP_CLASS_UNAVAILABLE;
}

static void describe(struct wp_service_code *out, const struct wp_error_row *row)
{
    *out = (struct wp_service_code){
        .code = row->code,
        .meaning = meaning_of(row->kind),
        .advice = row->advice,
        .retry = may_succeed_later(row->kind),
    };
}

bool wp_service_code_find(struct wp_service_code *out, const char *code)
{
    const struct wp_error_row *row = wp_error_find(code);
    if (row)
        describe(out, row);
    return row != NULL;
}

bool wp_service_code_at(struct wp_service_code *out, size_t index)
{
    size_t count = 0;
    const struct wp_error_row *rows = wp_error_rows(&count);
    if (index < count)
        describe(out, &rows[index]);
    return index < count;
}
