/* Lines of a batch: docs/batch.schema.json describes every member. */
#include <string.h>

#include "base/text.h"
#include "report/location.h"
#include "report/prose.h"
#include "report/run.h"

#include "base/banned.h"

static void begin(struct wp_json_writer *json, const char *kind)
{
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "schema", "wanprep.batch/1");
    wp_json_put_text(json, "kind", kind);
}

static void put_input(struct wp_json_writer *json, const char *name, const char *location)
{
    struct wp_source_facts source = {0};
    char text[sizeof source.location];
    if (!location)
        return;
    source.kind = strstr(location, "://") ? WP_SOURCE_HTTP : WP_SOURCE_FILE;
    (void)wp_text_copy(source.location, sizeof source.location, location);
    wp_location_redacted(text, sizeof text, &source);
    wp_json_put_text(json, name, text);
}

enum wp_status wp_report_batch_row(char **out, size_t *length, const struct wp_batch_row_report *row,
                                   struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(WP_RUN_CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 0);
    begin(&json, "row");
    wp_json_put_integer(&json, "row", (int64_t)row->row);
    if (row->line)
        wp_json_put_integer(&json, "line", (int64_t)row->line);
    if (row->image || row->video) {
        wp_json_begin_object(&json, "inputs");
        put_input(&json, "image", row->image);
        put_input(&json, "video", row->video);
        wp_json_end_object(&json);
    }
    enum wp_status status = wp_run_put(&json, &row->run, error);
    wp_json_end_object(&json);
    (void)wp_buf_add_text(&buf, "\n");
    if (status == WP_OK)
        return wp_run_hand_over(out, length, &buf, error);
    wp_buf_free(&buf);
    return status;
}

static void put_amount(struct wp_json_writer *json, const char *name, const struct wp_batch_report *batch,
                       uint64_t amount)
{
    wp_json_begin_object(json, name);
    wp_json_put_text(json, "currency", batch->currency);
    wp_json_put_number(json, "amount", (double)amount / 1000);
    if (strcmp(name, "cost") == 0)
        wp_json_put_bool(json, "at_most", batch->estimate_is_ceiling);
    wp_json_end_object(json);
}

enum wp_status wp_report_batch(char **out, size_t *length, const struct wp_batch_report *batch,
                               struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(WP_RUN_CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 0);
    begin(&json, "summary");
    wp_json_put_text(&json, "status", wp_status_name(batch->status));
    wp_json_put_integer(&json, "exit_code", wp_status_exit_code(batch->status));
    if (batch->status != WP_OK && batch->message)
        wp_json_put_text(&json, "message", batch->message);
    wp_json_put_bool(&json, "dry_run", batch->dry_run);
    wp_json_put_integer(&json, "rows", (int64_t)batch->rows);
    wp_json_begin_object(&json, "counts");
    for (size_t i = 0; i < batch->count_count; i++) {
        if (batch->counts[i].count)
            wp_json_put_integer(&json, wp_status_name(batch->counts[i].status),
                                (int64_t)batch->counts[i].count);
    }
    wp_json_end_object(&json);
    if (batch->currency && batch->has_estimate)
        put_amount(&json, "cost", batch, batch->estimate);
    if (batch->currency && batch->has_spent)
        put_amount(&json, "billed", batch, batch->spent);
    if (batch->currency && batch->has_spent && batch->reserved > 0)
        put_amount(&json, "reserved", batch, batch->reserved);
    if (batch->currency && batch->has_max_cost)
        put_amount(&json, "max_cost", batch, batch->max_cost);
    if (batch->results)
        wp_json_put_text(&json, "results", batch->results);
    wp_json_put_integer(&json, "elapsed_ms", batch->elapsed_ms);
    wp_json_end_object(&json);
    (void)wp_buf_add_text(&buf, "\n");
    return wp_run_hand_over(out, length, &buf, error);
}

bool wp_report_reason(char *out, size_t size, const struct wp_preflight *preflight)
{
    const struct wp_finding *first = &preflight->findings.items[0]; /* errors stand first */
    struct wp_buf prose = wp_buf_new(1 << 12);
    bool found = preflight->findings.count > 0 && first->level == WP_LEVEL_ERROR;
    if (found)
        wp_prose_message(&prose, preflight, first);
    (void)wp_text_copy(out, size, wp_buf_text(&prose));
    wp_buf_free(&prose);
    return found;
}
