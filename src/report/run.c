#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/job.h"
#include "wanprep/report.h"

#include "base/banned.h"

/* A preflight's document and a request are a few KB; paths and messages are bounded by their arrays. */
enum { CEILING = 1 << 20 };

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

static enum wp_status put_run(struct wp_json_writer *json, const struct wp_run_report *run,
                              struct wp_error *error)
{
    enum wp_status status = WP_OK;
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "schema", "wanprep.run/1");
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
    wp_json_end_object(json);
    return status;
}

enum wp_status wp_report_run(char **out, size_t *length, const struct wp_run_report *run,
                             struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 2);
    enum wp_status status = put_run(&json, run, error);
    if (status != WP_OK)
        goto out;
    (void)wp_buf_add_text(&buf, "\n");
    if (buf.failed) {
        status =
            wp_fail(error, buf.failed, "report", "the document does not fit: %s", wp_status_text(buf.failed));
        goto out;
    }
    size_t len = buf.len;
    *out = wp_buf_take(&buf);
    if (!*out) {
        status = wp_fail_nomem(error, "report");
        goto out;
    }
    *length = len;
out:
    wp_buf_free(&buf);
    return status;
}
