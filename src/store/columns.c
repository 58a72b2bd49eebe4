#include "store/columns.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define COLUMN_SINCE(version, type, field)                                                                   \
    {                                                                                                        \
        .name = #field, .kind = WP_COLUMN_##type, .since = (version),                                        \
        .offset = offsetof(struct wp_job_record, field),                                                     \
        .size = sizeof(((struct wp_job_record *)NULL)->field)                                                \
    }
#define COLUMN(type, field) COLUMN_SINCE(1, type, field)

static const struct wp_column columns[] = {
    COLUMN(TEXT, job_id), /* first: the conflict target of put */
    COLUMN(TEXT, key),
    COLUMN(STATE, state),
    COLUMN(TEXT, image),
    COLUMN(TEXT, video),
    COLUMN(TEXT, image_sha256),
    COLUMN(TEXT, video_sha256),
    COLUMN(TEXT, image_url),
    COLUMN(TEXT, video_url),
    COLUMN(INT64, uploaded_ms),
    COLUMN(MODE, mode),
    COLUMN(BOOLEAN, watermark),
    COLUMN(BOOLEAN, check_image),
    COLUMN(TEXT, base_url),
    COLUMN(INT64, submit_started_ms),
    COLUMN(INT64, submit_last_ms),
    COLUMN(BOOLEAN, submit_service_clock),
    COLUMN(INT64, creates),
    COLUMN(INT64, submitted_ms),
    COLUMN(TEXT, task_id),
    COLUMN(TEXT, request_id),
    COLUMN(TEXT, task_status),
    COLUMN(TEXT, result_url),
    COLUMN(TEXT, result_etag),
    COLUMN(TEXT, video_path),
    COLUMN(TEXT, code),
    COLUMN(TEXT, message),
    COLUMN(BOOLEAN, has_billed_seconds),
    COLUMN(REAL, billed_seconds),
    COLUMN(INT64, created_ms),
    COLUMN(INT64, updated_ms),
    COLUMN_SINCE(2, BOOLEAN, has_predicted_seconds),
    COLUMN_SINCE(2, REAL, predicted_seconds),
    COLUMN_SINCE(2, INT64, scheduled_ms),
    COLUMN_SINCE(2, INT64, ended_ms),
    COLUMN_SINCE(2, INT64, expires_ms),
    COLUMN_SINCE(2, INT64, width),
    COLUMN_SINCE(2, INT64, height),
    COLUMN_SINCE(2, REAL, frame_rate),
    COLUMN_SINCE(2, REAL, duration),
};

const struct wp_column *wp_columns(size_t *count)
{
    *count = COUNT(columns);
    return columns;
}

static void write_names(struct wp_buf *sql)
{
    for (size_t i = 0; i < COUNT(columns); i++)
        (void)wp_buf_add_format(sql, "%s%s", i ? ", " : "", columns[i].name);
}

static void write_parameter(struct wp_buf *sql, const struct wp_dialect *dialect, int number,
                            enum wp_column_kind kind)
{
    if (dialect->typed)
        (void)wp_buf_add_format(sql, "$%d::%s", number, dialect->types[kind]);
    else
        (void)wp_buf_add_format(sql, "?%d", number);
}

void wp_columns_write_find(struct wp_buf *sql, const struct wp_dialect *dialect, enum wp_lookup by)
{
    static const char *const names[] = {
        [WP_LOOKUP_KEY] = "key", [WP_LOOKUP_JOB] = "job_id", [WP_LOOKUP_TASK] = "task_id"};
    (void)wp_buf_add_text(sql, "SELECT ");
    write_names(sql);
    (void)wp_buf_add_format(sql, " FROM %s WHERE %s = ", dialect->jobs, names[by]);
    write_parameter(sql, dialect, 1, WP_COLUMN_TEXT);
    if (by == WP_LOOKUP_TASK)
        (void)wp_buf_add_text(sql, " AND task_id <> ''");
    if (by == WP_LOOKUP_KEY)
        (void)wp_buf_add_format(sql,
                                " AND state NOT IN (%d, %d, %d, %d)"
                                " ORDER BY created_ms DESC, rowid DESC LIMIT 1",
                                WP_JOB_REJECTED, WP_JOB_FAILED, WP_JOB_CANCELED, WP_JOB_EXPIRED);
}

void wp_columns_write_filter(struct wp_buf *sql, enum wp_store_filter filter)
{
    switch (filter) {
    case WP_STORE_ALL:
        (void)wp_buf_add_text(sql, "state >= 0");
        break;
    case WP_STORE_UNFINISHED:
        (void)wp_buf_add_format(sql, "state NOT IN (%d, %d, %d, %d, %d)", WP_JOB_DONE, WP_JOB_REJECTED,
                                WP_JOB_FAILED, WP_JOB_CANCELED, WP_JOB_EXPIRED);
        break;
    case WP_STORE_SUBMITTING:
        (void)wp_buf_add_format(sql, "state = %d", WP_JOB_SUBMITTING);
        break;
    }
}

bool wp_filter_is_backward(enum wp_store_filter filter)
{
    return filter == WP_STORE_ALL;
}

void wp_columns_write_next(struct wp_buf *sql, const struct wp_dialect *dialect, enum wp_store_filter filter)
{
    const char *order = wp_filter_is_backward(filter) ? "DESC" : "ASC";
    (void)wp_buf_add_text(sql, "SELECT ");
    write_names(sql);
    (void)wp_buf_add_format(sql, ", rowid FROM %s WHERE ", dialect->jobs);
    wp_columns_write_filter(sql, filter);
    (void)wp_buf_add_format(sql, " AND (created_ms, rowid) %s (", wp_filter_is_backward(filter) ? "<" : ">");
    write_parameter(sql, dialect, 1, WP_COLUMN_INT64);
    (void)wp_buf_add_text(sql, ", ");
    write_parameter(sql, dialect, 2, WP_COLUMN_INT64);
    (void)wp_buf_add_format(sql, ") ORDER BY created_ms %s, rowid %s LIMIT ", order, order);
    write_parameter(sql, dialect, 3, WP_COLUMN_INT64);
}

void wp_columns_write_put(struct wp_buf *sql, const struct wp_dialect *dialect, const char *source)
{
    (void)wp_buf_add_format(sql, "INSERT INTO %s (", dialect->jobs);
    write_names(sql);
    (void)wp_buf_add_text(sql, ") SELECT ");
    for (size_t i = 0; i < COUNT(columns); i++) {
        (void)wp_buf_add_text(sql, i ? ", " : "");
        write_parameter(sql, dialect, (int)i + 1, columns[i].kind);
    }
    (void)wp_buf_add_format(sql, " %s ON CONFLICT (job_id) DO UPDATE SET ", source);
    for (size_t i = 1; i < COUNT(columns); i++)
        (void)wp_buf_add_format(sql, "%s%s = excluded.%s", i > 1 ? ", " : "", columns[i].name,
                                columns[i].name);
}

static void write_column(struct wp_buf *sql, const struct wp_dialect *dialect, const struct wp_column *column)
{
    (void)wp_buf_add_format(sql, "%s %s NOT NULL DEFAULT %s", column->name, dialect->types[column->kind],
                            column->kind == WP_COLUMN_TEXT ? "''" : "0");
}

static void write_first(struct wp_buf *sql, const struct wp_dialect *dialect)
{
    (void)wp_buf_add_format(sql, "CREATE TABLE %s (%s", dialect->jobs, dialect->row_number);
    for (size_t i = 0; i < COUNT(columns); i++) {
        if (columns[i].since > 1)
            continue;
        write_column(sql, dialect, &columns[i]);
        (void)wp_buf_add_text(sql, ", ");
    }
    (void)wp_buf_add_format(sql,
                            "PRIMARY KEY (job_id))%s;"
                            "CREATE INDEX %s_key ON %s (key);"
                            "CREATE UNIQUE INDEX %s_task ON %s (task_id) WHERE task_id <> '';",
                            dialect->table_end, dialect->jobs, dialect->jobs, dialect->jobs, dialect->jobs);
}

/* An index of the rows of a filter, in its order. */
static void write_index(struct wp_buf *sql, const struct wp_dialect *dialect, const char *name,
                        enum wp_store_filter filter)
{
    (void)wp_buf_add_format(sql, "CREATE INDEX %s_%s ON %s (created_ms) WHERE ", dialect->jobs, name,
                            dialect->jobs);
    wp_columns_write_filter(sql, filter);
    (void)wp_buf_add_text(sql, ";");
}

void wp_columns_write_step(struct wp_buf *sql, const struct wp_dialect *dialect, int version)
{
    if (version == 1) {
        write_first(sql, dialect);
        return;
    }
    for (size_t i = 0; i < COUNT(columns); i++) {
        if (columns[i].since != version)
            continue;
        (void)wp_buf_add_format(sql, "ALTER TABLE %s ADD COLUMN ", dialect->jobs);
        write_column(sql, dialect, &columns[i]);
        (void)wp_buf_add_text(sql, ";");
    }
    if (version == 2) {
        write_index(sql, dialect, "all", WP_STORE_ALL);
        write_index(sql, dialect, "unfinished", WP_STORE_UNFINISHED);
        write_index(sql, dialect, "submitting", WP_STORE_SUBMITTING);
    }
}
