/* Where the files of jobs are: OUTPUT/aliyun-wan-animate-move/. */
#ifndef WP_JOB_PLACES_H
#define WP_JOB_PLACES_H

#include <stddef.h>

#include "store/store.h"
#include "wanprep/status.h"

#define WP_PATH_SIZE 4096

struct wp_places {
    char root[WP_PATH_SIZE - 512]; /* leaves room for what is appended */
};

/* Makes nothing. output_dir NULL: "output". Fails with WP_OUTPUT: the name is too long. */
enum wp_status wp_places_find(struct wp_places *out, const char *output_dir, struct wp_error *error);

/* The same, and makes the folders (0700). Fails with WP_OUTPUT. */
enum wp_status wp_places_make(struct wp_places *out, const char *output_dir, struct wp_error *error);

/* wanprep.db. */
void wp_places_database(char out[WP_PATH_SIZE], const struct wp_places *places);

/* The files of one job are named by its task id; by its job id while there is none. suffix is "", ".part" …
 */
void wp_places_answer(char out[WP_PATH_SIZE], const struct wp_places *places,
                      const struct wp_job_record *record);
void wp_places_log(char out[WP_PATH_SIZE], const struct wp_places *places,
                   const struct wp_job_record *record);
void wp_places_video(char out[WP_PATH_SIZE], const struct wp_places *places,
                     const struct wp_job_record *record, const char *suffix);

/* tasks/<job id>.log.jsonl: the log before the task id was known. */
void wp_places_early_log(char out[WP_PATH_SIZE], const struct wp_places *places,
                         const struct wp_job_record *record);

#endif
