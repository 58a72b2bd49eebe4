#include "report/run.h"

#include <string.h>

#include "base/error.h"
#include "report/job.h"

#include "base/banned.h"

/* Puts a document that another part of the library wrote. False: it is none. */
static bool put_document(struct wp_json_writer *json, const char *name, const char *text, size_t len)
{
    struct wp_json *document = wp_json_parse(text, len);
    if (!document)
        return false;
    wp_json_put_value(json, name, document);
    wp_json_free(document);
    return true;
}

static enum wp_status put_preflight(struct wp_json_writer *json, const struct wp_preflight *preflight,
                                    struct wp_error *error)
{
    char *text = NULL;
    size_t len = 0;
    struct wp_report_options options = {0};
    enum wp_status status = wp_report_write(&text, &len, preflight, WP_REPORT_JSON, &options, error);
    if (status == WP_OK && !put_document(json, "preflight", text, len))
        status = wp_fail_nomem(error, "report");
    wp_free(text);
    return status;
}

enum wp_status wp_run_put(struct wp_json_writer *json, const struct wp_run_report *run,
                          struct wp_error *error)
{
    enum wp_status status = WP_OK;
    wp_json_put_text(json, "status", wp_status_name(run->status));
    wp_json_put_integer(json, "exit_code", wp_status_exit_code(run->status));
    if (run->status != WP_OK)
        wp_put_text(json, "message", run->message);
    wp_json_put_bool(json, "dry_run", run->dry_run);
    if (run->preflight)
        status = put_preflight(json, run->preflight, error);
    if (status == WP_OK && run->request && !put_document(json, "request", run->request, strlen(run->request)))
        status = wp_fail(error, WP_INTERNAL, "report", "the request is no JSON document");
    if (run->cost) {
        wp_begin_cost(json, "cost", run->cost);
        wp_json_put_bool(json, "at_most", run->cost_is_ceiling);
        wp_json_end_object(json);
    }
    if (run->billed) {
        wp_begin_cost(json, "billed", run->billed);
        wp_json_end_object(json);
    }
    if (run->result) {
        wp_json_put_text(json, "state", wp_job_state_name(run->result->state));
        wp_json_put_bool(json, "joined", run->result->joined);
        wp_put_result(json, run->result);
    }
    return status;
}

enum wp_status wp_run_hand_over(char **out, size_t *length, struct wp_buf *buf, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    size_t len = buf->len;
    char *text = NULL;
    if (buf->failed)
        status = wp_fail(error, buf->failed, "report", "the document does not fit: %s",
                         wp_status_text(buf->failed));
    else if (!(text = wp_buf_take(buf)))
        status = wp_fail_nomem(error, "report");
    wp_buf_free(buf);
    if (status != WP_OK)
        return status;
    *out = text;
    *length = len;
    return WP_OK;
}

enum wp_status wp_report_run(char **out, size_t *length, const struct wp_run_report *run,
                             struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(WP_RUN_CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 2);
    wp_json_begin_object(&json, NULL);
    wp_json_put_text(&json, "schema", "wanprep.run/1");
    enum wp_status status = wp_run_put(&json, run, error);
    wp_json_end_object(&json);
    (void)wp_buf_add_text(&buf, "\n");
    if (status == WP_OK)
        return wp_run_hand_over(out, length, &buf, error);
    wp_buf_free(&buf);
    return status;
}
