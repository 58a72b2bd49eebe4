/* Answers of the service: the first byte says what it is an answer to. */
#include "dashscope/answer.h"
#include "dashscope/catalogue.h"
#include "fuzz/fuzz.h"

#include "base/banned.h"

#define MUST_BE_TOKEN(array) MUST(fuzz_is_token((array), sizeof(array)))

static bool is_zero(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i])
            return false;
    }
    return true;
}

/* It names a file and stands in URLs. */
static void check_task_id(const char id[128])
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    MUST(memchr(id, '\0', 128) != NULL && id[0] != '\0' && id[0] != '.');
    MUST(strspn(id, allowed) == strlen(id));
}

static void check_error(const struct wp_service_error *error)
{
    MUST_BE_TOKEN(error->code);
    MUST_BE_CLEAN(error->message);
    MUST_BE_TOKEN(error->request_id);
    for (enum wp_call call = WP_CALL_CREATE; call <= WP_CALL_POLICY; call++)
        MUST(wp_call_judge(call, 500, error->code) <= WP_CALL_UNCERTAIN);
}

static void check_task(const char *body, size_t len)
{
    struct wp_task_answer answer;
    memset(&answer, 0xa5, sizeof answer);
    if (!wp_task_answer_parse(&answer, body, len)) {
        MUST(is_zero(&answer, sizeof answer));
        return;
    }
    check_task_id(answer.task_id);
    MUST(answer.status <= WP_TASK_STATUS_OTHER);
    MUST_BE_CLEAN(answer.status_word);
    MUST_BE_TOKEN(answer.request_id);
    MUST_BE_CLEAN(answer.submit_time);
    MUST_BE_CLEAN(answer.scheduled_time);
    MUST_BE_CLEAN(answer.end_time);
    MUST(wp_service_time_ms(answer.end_time) >= 0);
    MUST_BE_CLEAN(answer.billed_mode);
    MUST_BE_TOKEN(answer.video_url);
    MUST(!answer.video_url[0] || strncasecmp(answer.video_url, "http://", 7) == 0 ||
         strncasecmp(answer.video_url, "https://", 8) == 0);
    MUST(!answer.has_billed_seconds || (answer.billed_seconds >= 0 && answer.billed_seconds < 1e9));
    check_error(&answer.error);
}

static void check_policy(const char *body, size_t len)
{
    struct wp_upload_policy policy;
    memset(&policy, 0xa5, sizeof policy);
    if (!wp_upload_policy_parse(&policy, body, len)) {
        MUST(is_zero(&policy, sizeof policy));
        return;
    }
    MUST_BE_TOKEN(policy.policy);
    MUST_BE_TOKEN(policy.signature);
    MUST_BE_TOKEN(policy.upload_dir);
    MUST_BE_TOKEN(policy.upload_host);
    MUST_BE_TOKEN(policy.oss_access_key_id);
    MUST_BE_TOKEN(policy.x_oss_object_acl);
    MUST_BE_TOKEN(policy.x_oss_forbid_overwrite);
    MUST(policy.policy[0] && policy.signature[0] && policy.upload_dir[0] && policy.upload_host[0]);
    MUST(policy.expire_in_seconds >= -1 && policy.max_file_size_mb >= -1);
}

static void check_list(const char *body, size_t len)
{
    static struct wp_task_list list;
    memset(&list, 0xa5, sizeof list);
    if (!wp_task_list_parse(&list, body, len)) {
        MUST(is_zero(&list, sizeof list));
        return;
    }
    MUST(list.count <= WP_LIST_PAGE);
    for (size_t i = 0; i < list.count; i++) {
        const struct wp_listed_task *row = &list.rows[i];
        check_task_id(row->task_id);
        MUST(row->status <= WP_TASK_STATUS_OTHER);
        MUST_BE_CLEAN(row->status_word);
        MUST_BE_CLEAN(row->model);
        MUST_BE_TOKEN(row->request_id);
        MUST(row->created_ms >= -1 && row->start_ms >= -1 && row->end_ms >= -1);
    }
    MUST(list.total >= -1 && list.total_page >= -1 && list.page_no >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *body = (const char *)data + 1;
    struct wp_service_error error;
    switch (data[0] % 4) {
    case 0:
        check_task(body, size - 1);
        break;
    case 1:
        check_policy(body, size - 1);
        break;
    case 2:
        check_list(body, size - 1);
        break;
    default:
        memset(&error, 0xa5, sizeof error);
        wp_service_error_parse(&error, body, size - 1);
        check_error(&error);
    }
    return 0;
}
