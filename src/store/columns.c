#include "store/columns.h"

#include "store/store.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define COLUMN(type, field)                                                                                  \
    {                                                                                                        \
        .name = #field, .kind = WP_COLUMN_##type, .offset = offsetof(struct wp_job_record, field),           \
        .size = sizeof(((struct wp_job_record *)NULL)->field)                                                \
    }

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
};

static const char *const sql_types[] = {
    [WP_COLUMN_TEXT] = "TEXT NOT NULL DEFAULT ''",      [WP_COLUMN_INT64] = "INTEGER NOT NULL DEFAULT 0",
    [WP_COLUMN_STATE] = "INTEGER NOT NULL DEFAULT 0",   [WP_COLUMN_MODE] = "INTEGER NOT NULL DEFAULT 0",
    [WP_COLUMN_BOOLEAN] = "INTEGER NOT NULL DEFAULT 0", [WP_COLUMN_REAL] = "REAL NOT NULL DEFAULT 0",
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

void wp_columns_write_select(struct wp_buf *sql, const char *rest)
{
    (void)wp_buf_add_text(sql, "SELECT ");
    write_names(sql);
    (void)wp_buf_add_format(sql, " FROM jobs %s", rest);
}

void wp_columns_write_put(struct wp_buf *sql)
{
    (void)wp_buf_add_text(sql, "INSERT INTO jobs (");
    write_names(sql);
    (void)wp_buf_add_text(sql, ") VALUES (");
    for (size_t i = 0; i < COUNT(columns); i++)
        (void)wp_buf_add_text(sql, i ? ", ?" : "?");
    (void)wp_buf_add_text(sql, ") ON CONFLICT (job_id) DO UPDATE SET ");
    for (size_t i = 1; i < COUNT(columns); i++)
        (void)wp_buf_add_format(sql, "%s%s = excluded.%s", i > 1 ? ", " : "", columns[i].name,
                                columns[i].name);
}

void wp_columns_write_table(struct wp_buf *sql)
{
    (void)wp_buf_add_text(sql, "CREATE TABLE jobs (");
    for (size_t i = 0; i < COUNT(columns); i++)
        (void)wp_buf_add_format(sql, "%s%s %s", i ? ", " : "", columns[i].name, sql_types[columns[i].kind]);
    (void)wp_buf_add_text(sql, ", PRIMARY KEY (job_id)) STRICT;"
                               "CREATE INDEX jobs_key ON jobs (key);"
                               "CREATE UNIQUE INDEX jobs_task ON jobs (task_id) WHERE task_id <> '';");
}
