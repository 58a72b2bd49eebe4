/* The results file of a batch. */
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_writer.h"
#include "cli/batch.h"
#include "cli/places.h"
#include "wanprep/results.h"

#include "base/banned.h"

/* "dir/pairs.csv" gives "FOLDER/aliyun-wan-animate-move/pairs.results.csv". NULL: out of memory. */
static char *default_path(const char *folder, const char *manifest)
{
    struct wp_buf path = wp_buf_new(1 << 16);
    const char *slash = strrchr(manifest, '/'), *name = slash ? slash + 1 : manifest;
    const char *dot = strrchr(name, '.');
    size_t stem = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    (void)wp_buf_add_format(&path, "%s/aliyun-wan-animate-move/%.*s.results%s", folder ? folder : "output",
                            (int)stem, name, name + stem);
    char *text = path.failed ? NULL : wp_buf_take(&path);
    wp_buf_free(&path);
    return text;
}

/* Whether a file can be made there is found out before money is spent. What is no file (a pipe, say) is only
 * opened when there is something to be written. */
static enum wp_status try_path(const char *path, struct wp_error *error)
{
    struct wp_file_writer writer = {0};
    struct stat info;
    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return WP_OK;
    enum wp_status status = wp_file_writer_open(&writer, path, WP_FILE_SHARED, error);
    wp_file_writer_close(&writer);
    return status;
}

static enum wp_status make_folder(const char *path, struct wp_error *error)
{
    char *folder = wp_strdup(path);
    if (!folder)
        return wp_fail_nomem(error, "batch");
    *strrchr(folder, '/') = '\0';
    enum wp_status status = wp_file_make_dirs(folder, error);
    wp_free(folder);
    return status;
}

static enum wp_status spare(const struct wp_place *results, const char *input, struct wp_error *error)
{
    const struct wp_place place = input ? wp_place_of(input) : (struct wp_place){.known = false};
    if (!wp_place_is_same(results, &place))
        return WP_OK;
    return wp_fail(error, WP_USAGE, "batch", "'%s' is an input; the results would overwrite it", input);
}

/* Results never take the place of an input; that of the manifest they may, since they have all that is in it.
 */
static enum wp_status spare_inputs(const struct wp_batch_run *run, struct wp_error *error)
{
    const struct wp_place results = wp_place_of(run->results);
    enum wp_status status = spare(&results, run->settings->preflight.profile, error);
    for (size_t i = 0; i < wp_manifest_count(run->manifest) && status == WP_OK; i++) {
        const struct wp_manifest_row *row = wp_manifest_row(run->manifest, i);
        status = spare(&results, row->image, error);
        if (status == WP_OK)
            status = spare(&results, row->video, error);
    }
    return status;
}

enum wp_status wp_batch_find_results(struct wp_batch_run *run, const char *manifest, struct wp_error *error)
{
    const char *given = run->settings->results;
    run->results = given ? wp_strdup(given) : default_path(wp_output_dir(&run->settings->service), manifest);
    if (!run->results)
        return wp_fail_nomem(error, "batch");
    enum wp_status status = given ? spare_inputs(run, error) : make_folder(run->results, error);
    return status == WP_OK ? try_path(run->results, error) : status;
}

static enum wp_status write_rows(struct wp_file_writer *writer, const struct wp_batch_run *run,
                                 struct wp_error *error)
{
    char *text = NULL;
    size_t length = 0;
    enum wp_status status = wp_results_header(&text, &length, run->manifest, error);
    for (size_t i = 0; status == WP_OK && i <= run->many.roll.count; i++) {
        status = wp_file_writer_add(writer, text, length, error);
        wp_free(text);
        text = NULL;
        if (status != WP_OK || i == run->many.roll.count)
            break;
        const struct wp_roll_row *row = &run->many.roll.rows[i];
        struct wp_cost billed = {0};
        bool has_amount = wp_many_billed(&billed, &run->many, row);
        const struct wp_row_result result = {
            .status = row->status,
            .has_state = row->has_state,
            .state = row->state,
            .task_id = row->task_id,
            .result = row->result,
            .has_billed_seconds = row->has_billed_seconds,
            .billed_seconds = row->billed_seconds,
            .has_amount = has_amount,
            .amount = billed.milli_total,
            .code = row->code,
            .message = row->message,
        };
        status = wp_results_row(&text, &length, run->manifest, i, &result, error);
    }
    wp_free(text);
    return status;
}

enum wp_status wp_batch_write_results(const struct wp_batch_run *run, struct wp_error *error)
{
    struct wp_file_writer writer = {0};
    enum wp_status status = wp_file_writer_open(&writer, run->results, WP_FILE_SHARED, error);
    if (status == WP_OK)
        status = write_rows(&writer, run, error);
    if (status == WP_OK)
        status = wp_file_writer_commit(&writer, error);
    wp_file_writer_close(&writer);
    return status;
}
