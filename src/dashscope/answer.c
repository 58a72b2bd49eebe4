#include "dashscope/answer.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "dashscope/fields.h"
#include "net/url.h"
#include "json/json.h"

#include "base/banned.h"

enum wp_task_status wp_task_status_parse(const char *word)
{
    static const char *const words[] = {
        [WP_TASK_STATUS_PENDING] = "PENDING",     [WP_TASK_STATUS_RUNNING] = "RUNNING",
        [WP_TASK_STATUS_SUSPENDED] = "SUSPENDED", [WP_TASK_STATUS_SUCCEEDED] = "SUCCEEDED",
        [WP_TASK_STATUS_FAILED] = "FAILED",       [WP_TASK_STATUS_CANCELED] = "CANCELED",
        [WP_TASK_STATUS_UNKNOWN] = "UNKNOWN",
    };
    for (size_t i = 0; word && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0)
            return (enum wp_task_status)i;
    }
    return WP_TASK_STATUS_OTHER;
}

/* Takes a URL only if it is one that can be downloaded, whole: half a signed URL is none. */
static bool take_url(char *out, size_t size, const struct wp_json *object, const char *name)
{
    struct wp_url url;
    if (wp_field_token(out, size, object, name) && wp_url_parse(&url, out, NULL) == WP_OK &&
        !url.has_userinfo)
        return true;
    out[0] = '\0';
    return false;
}

/* output.results.video_url, output.results[i].video_url or .url, output.video_url. */
static void take_video_url(struct wp_task_answer *out, const struct wp_json *output)
{
    const struct wp_json *results = wp_json_member(output, "results");
    size_t size = sizeof out->video_url;
    if (take_url(out->video_url, size, results, "video_url") ||
        take_url(out->video_url, size, results, "url"))
        return;
    size_t count = wp_json_count(results);
    for (size_t i = 0; i < count && i < 16; i++) {
        const struct wp_json *result = wp_json_at(results, i);
        if (take_url(out->video_url, size, result, "video_url") ||
            take_url(out->video_url, size, result, "url"))
            return;
    }
    (void)take_url(out->video_url, size, output, "video_url");
}

bool wp_task_answer_parse(struct wp_task_answer *out, const char *body, size_t len)
{
    memset(out, 0, sizeof *out);
    struct wp_json *document = wp_json_parse(body, len);
    const struct wp_json *output = wp_json_member(document, "output");
    const struct wp_json *usage = wp_json_member(document, "usage");
    bool valid = wp_field_task_id(out->task_id, output, "task_id") && wp_json_text(output, "task_status");
    if (!valid)
        goto out;
    out->status = wp_task_status_parse(wp_json_text(output, "task_status"));
    (void)wp_field_words(out->status_word, sizeof out->status_word, output, "task_status");
    (void)wp_field_token(out->request_id, sizeof out->request_id, document, "request_id");
    (void)wp_field_words(out->submit_time, sizeof out->submit_time, output, "submit_time");
    (void)wp_field_words(out->scheduled_time, sizeof out->scheduled_time, output, "scheduled_time");
    (void)wp_field_words(out->end_time, sizeof out->end_time, output, "end_time");
    take_video_url(out, output);
    (void)wp_field_token(out->error.code, sizeof out->error.code, output, "code");
    (void)wp_field_words(out->error.message, sizeof out->error.message, output, "message");
    (void)wp_text_copy(out->error.request_id, sizeof out->error.request_id, out->request_id);
    out->has_billed_seconds =
        wp_json_number(usage, "video_duration", &out->billed_seconds) && out->billed_seconds >= 0;
    (void)wp_field_words(out->billed_mode, sizeof out->billed_mode, usage, "video_ratio");
out:
    if (!valid)
        memset(out, 0, sizeof *out);
    wp_json_free(document);
    return valid;
}

static bool take_policy(struct wp_upload_policy *out, const struct wp_json *data)
{
    memset(out, 0, sizeof *out);
    bool forbid = false;
    if (!wp_field_token(out->policy, sizeof out->policy, data, "policy") ||
        !wp_field_token(out->signature, sizeof out->signature, data, "signature") ||
        !wp_field_token(out->upload_dir, sizeof out->upload_dir, data, "upload_dir") ||
        !take_url(out->upload_host, sizeof out->upload_host, data, "upload_host") ||
        !wp_field_token(out->oss_access_key_id, sizeof out->oss_access_key_id, data, "oss_access_key_id"))
        return false;
    (void)wp_field_token(out->x_oss_object_acl, sizeof out->x_oss_object_acl, data, "x_oss_object_acl");
    if (wp_json_bool(data, "x_oss_forbid_overwrite", &forbid))
        (void)wp_text_copy(out->x_oss_forbid_overwrite, sizeof out->x_oss_forbid_overwrite,
                           forbid ? "true" : "false");
    else
        (void)wp_field_token(out->x_oss_forbid_overwrite, sizeof out->x_oss_forbid_overwrite, data,
                             "x_oss_forbid_overwrite");
    out->expire_in_seconds = wp_field_count(data, "expire_in_seconds");
    out->max_file_size_mb = wp_field_count(data, "max_file_size_mb");
    return true;
}

bool wp_upload_policy_parse(struct wp_upload_policy *out, const char *body, size_t len)
{
    struct wp_json *document = wp_json_parse(body, len);
    bool valid = take_policy(out, wp_json_member(document, "data")) ||
                 take_policy(out, wp_json_member(document, "output"));
    if (!valid)
        memset(out, 0, sizeof *out);
    wp_json_free(document);
    return valid;
}

static bool take_row(struct wp_listed_task *row, const struct wp_json *item)
{
    if (!wp_field_task_id(row->task_id, item, "task_id"))
        return false;
    row->status = wp_task_status_parse(wp_json_text(item, "status"));
    (void)wp_field_words(row->status_word, sizeof row->status_word, item, "status");
    (void)wp_field_words(row->model, sizeof row->model, item, "model_name");
    (void)wp_field_token(row->request_id, sizeof row->request_id, item, "request_id");
    row->created_ms = wp_field_count(item, "gmt_create");
    row->start_ms = wp_field_count(item, "start_time");
    row->end_ms = wp_field_count(item, "end_time");
    return true;
}

/*
 * A row that cannot be read spoils the list: whoever concludes from "no such task" that a create may be sent
 * again must have seen all of them.
 */
bool wp_task_list_parse(struct wp_task_list *out, const char *body, size_t len)
{
    memset(out, 0, sizeof *out);
    struct wp_json *document = wp_json_parse(body, len);
    const struct wp_json *rows = wp_json_member(document, "data");
    size_t count = wp_json_count(rows);
    out->total = wp_field_count(document, "total");
    out->total_page = wp_field_count(document, "total_page");
    out->page_no = wp_field_count(document, "page_no");
    bool valid = (wp_json_is_array(rows) || out->total == 0) && count <= WP_LIST_PAGE;
    for (size_t i = 0; valid && i < count; i++) {
        valid = take_row(&out->rows[i], wp_json_at(rows, i));
        out->count++;
    }
    if (out->total_page < 0 && out->total >= 0)
        out->total_page = out->total / WP_LIST_PAGE + (out->total % WP_LIST_PAGE != 0);
    valid = valid && (out->total_page >= 0 || count < WP_LIST_PAGE); /* else there may be more */
    if (!valid)
        memset(out, 0, sizeof *out);
    wp_json_free(document);
    return valid;
}
