#include "manifest/results.h"

#include <assert.h>
#include <math.h>

#include "base/error.h"

#include "base/banned.h"

/* A row is at most 4 MiB of JSON, or 64 KiB of CSV; quotes double it. */
enum { CEILING = 16 << 20 };

const char *wp_result_column_name(enum wp_result_column column)
{
    static const char *const names[] = {
        [WP_RESULT_STATUS] = "status",
        [WP_RESULT_STATE] = "state",
        [WP_RESULT_TASK_ID] = "task_id",
        [WP_RESULT_RESULT] = "result",
        [WP_RESULT_BILLED_SECONDS] = "billed_seconds",
        [WP_RESULT_AMOUNT] = "amount",
        [WP_RESULT_CODE] = "code",
        [WP_RESULT_MESSAGE] = "message",
    };
    return names[column];
}

const char *wp_result_text(const struct wp_row_result *result, enum wp_result_column column)
{
    const char *text = NULL;
    switch ((int)column) {
    case WP_RESULT_STATUS:
        text = wp_status_name(result->status);
        break;
    case WP_RESULT_STATE:
        text = result->has_state ? wp_job_state_name(result->state) : NULL;
        break;
    case WP_RESULT_TASK_ID:
        text = result->task_id;
        break;
    case WP_RESULT_RESULT:
        text = result->result;
        break;
    case WP_RESULT_CODE:
        text = result->code;
        break;
    case WP_RESULT_MESSAGE:
        text = result->message;
        break;
    default:
        break;
    }
    return text && text[0] ? text : NULL;
}

bool wp_result_number(uint64_t *thousandths, const struct wp_row_result *result, enum wp_result_column column)
{
    static const double most = 1e15; /* what is over this is no duration */
    if (column == WP_RESULT_AMOUNT && result->has_amount) {
        *thousandths = result->amount;
        return true;
    }
    if (column != WP_RESULT_BILLED_SECONDS || !result->has_billed_seconds ||
        !(result->billed_seconds >= 0 && result->billed_seconds <= most))
        return false;
    *thousandths = (uint64_t)llround(result->billed_seconds * 1000);
    return true;
}

static enum wp_status hand_over(char **out, size_t *length, struct wp_buf *buf, struct wp_error *error)
{
    size_t len = buf->len;
    assert(buf->failed != WP_INTERNAL);
    char *text = buf->failed ? NULL : wp_buf_take(buf);
    wp_buf_free(buf);
    if (!text)
        return wp_fail_nomem(error, "results");
    *out = text;
    *length = len;
    return WP_OK;
}

enum wp_status wp_results_header(char **out, size_t *length, const struct wp_manifest *manifest,
                                 struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    if (manifest->header.text)
        wp_results_csv_header(&buf, manifest);
    return hand_over(out, length, &buf, error);
}

enum wp_status wp_results_row(char **out, size_t *length, const struct wp_manifest *manifest, size_t index,
                              const struct wp_row_result *result, struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    assert(index < manifest->count);
    if (manifest->header.text)
        wp_results_csv_row(&buf, manifest, index, result);
    else
        wp_results_jsonl_row(&buf, manifest, index, result);
    return hand_over(out, length, &buf, error);
}
