#include "job/list.h"

#include "base/error.h"

#include "base/banned.h"

static bool read_list(void *out, const char *body, size_t len)
{
    return wp_task_list_parse(out, body, len);
}

enum wp_status wp_list_ask(struct wp_task_list *out, struct wp_caller *caller, int64_t from_ms, int64_t to_ms,
                           unsigned page, bool patient, struct wp_error *error)
{
    struct wp_buf url = wp_buf_new(1024);
    struct wp_call_spec spec = {.call = WP_CALL_LIST};
    struct wp_http_answer answer = {0};
    enum wp_status status = WP_OK;
    bool again;
    if (!wp_endpoint_list_url(&caller->client->endpoint, from_ms, to_ms, page, WP_LIST_PAGE, &url))
        status = wp_fail_nomem(error, "list");
    spec.url = wp_buf_text(&url);
    if (status == WP_OK && patient)
        status = wp_call_ask(caller, &spec, read_list, out, error);
    else if (status == WP_OK)
        status = wp_call_try(caller, &spec, read_list, out, &answer, &again, error);
    wp_http_answer_free(&answer);
    wp_buf_free(&url);
    return status;
}

enum wp_status wp_list_learn_clock(struct wp_caller *caller, struct wp_error *error)
{
    if (wp_call_clock_is_fresh(caller))
        return WP_OK;
    struct wp_buf url = wp_buf_new(1024);
    struct wp_call_spec spec = {.call = WP_CALL_LIST};
    struct wp_http_answer answer = {0};
    enum wp_status status;
    if (wp_endpoint_list_url(&caller->client->endpoint, -1, -1, 1, 1, &url)) {
        spec.url = wp_buf_text(&url);
        status = wp_call_once(caller, &spec, &answer, error);
    } else {
        status = wp_fail_nomem(error, "list");
    }
    wp_http_answer_free(&answer);
    wp_buf_free(&url);
    return status;
}
