#include "job/places.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include "base/banned.h"

#define FOLDER "aliyun-wan-animate-move"

static enum wp_status make_folder(const struct wp_places *places, const char *name, struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    (void)wp_text_format(path, sizeof path, "%s/%s", places->root, name);
    return wp_file_make_dirs(path, error);
}

enum wp_status wp_places_find(struct wp_places *out, const char *output_dir, struct wp_error *error)
{
    const char *above = output_dir && output_dir[0] ? output_dir : "output";
    if (!wp_text_format(out->root, sizeof out->root, "%s/" FOLDER, above))
        return wp_fail(error, WP_OUTPUT, "output", "the name of the output folder is longer than %zu bytes",
                       sizeof out->root - sizeof FOLDER - 1);
    return WP_OK;
}

enum wp_status wp_places_make(struct wp_places *out, const char *output_dir, struct wp_error *error)
{
    enum wp_status status = wp_places_find(out, output_dir, error);
    if (status == WP_OK)
        status = make_folder(out, "tasks", error);
    if (status == WP_OK)
        status = make_folder(out, "videos", error);
    return status;
}

void wp_places_database(char out[WP_PATH_SIZE], const struct wp_places *places)
{
    (void)wp_text_format(out, WP_PATH_SIZE, "%s/wanprep.db", places->root);
}

/* A task id that was parsed from an answer is a safe file name: see dashscope/answer.h. */
static const char *name_of(const struct wp_job_record *record)
{
    return record->task_id[0] ? record->task_id : record->job_id;
}

void wp_places_answer(char out[WP_PATH_SIZE], const struct wp_places *places,
                      const struct wp_job_record *record)
{
    (void)wp_text_format(out, WP_PATH_SIZE, "%s/tasks/%s.json", places->root, name_of(record));
}

void wp_places_log(char out[WP_PATH_SIZE], const struct wp_places *places, const struct wp_job_record *record)
{
    (void)wp_text_format(out, WP_PATH_SIZE, "%s/tasks/%s.log.jsonl", places->root, name_of(record));
}

void wp_places_video(char out[WP_PATH_SIZE], const struct wp_places *places,
                     const struct wp_job_record *record, const char *suffix)
{
    (void)wp_text_format(out, WP_PATH_SIZE, "%s/videos/%s.mp4%s", places->root, name_of(record), suffix);
}

void wp_places_early_log(char out[WP_PATH_SIZE], const struct wp_places *places,
                         const struct wp_job_record *record)
{
    (void)wp_text_format(out, WP_PATH_SIZE, "%s/tasks/%s.log.jsonl", places->root, record->job_id);
}
