/* Answers of the service: bytes in, structs out. Nothing is trusted: types, lengths and control bytes are
 * checked. */
#ifndef WP_DASHSCOPE_ANSWER_H
#define WP_DASHSCOPE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

/** An error as the service, or an upload host (OSS, in XML), words it. All "" if the body held none (an HTML
 * page of a proxy, say). */
struct wp_service_error {
    char code[128];
    char message[512]; /**< control bytes replaced */
    char request_id[128];
};

enum wp_task_status {
    WP_TASK_STATUS_PENDING,
    WP_TASK_STATUS_RUNNING,
    WP_TASK_STATUS_SUSPENDED,
    WP_TASK_STATUS_SUCCEEDED,
    WP_TASK_STATUS_FAILED,
    WP_TASK_STATUS_CANCELED,
    WP_TASK_STATUS_UNKNOWN, /**< the service's word UNKNOWN: not found, or older than 24 h */
    WP_TASK_STATUS_OTHER,   /**< a word that is not in the list: not terminal */
};

/** Reads a status word; NULL and unlisted words are WP_TASK_STATUS_OTHER. */
enum wp_task_status wp_task_status_parse(const char *word);

/** What a query (or a create) says of a task. */
struct wp_task_answer {
    char task_id[128];
    enum wp_task_status status;
    char status_word[32];
    char request_id[128];
    char submit_time[32], scheduled_time[32], end_time[32]; /**< as sent: UTC+8, without a zone */
    char video_url[4096];                                   /**< "" if there is none; only http(s) is taken */
    struct wp_service_error error; /**< of a FAILED task: output.code and output.message */
    bool has_billed_seconds;
    double billed_seconds;
    char billed_mode[32];
};

/**
 * Reads a 200 answer to create or query. False, and *out is zero: no JSON object with output.task_id and
 * output.task_status. A task id is letters, digits, '-', '_' and '.', so that it can name a file.
 */
bool wp_task_answer_parse(struct wp_task_answer *out, const char *body, size_t len);

/** A time of an answer ("2025-09-18 19:32:00.105": UTC+8, without a zone) in ms since the epoch. 0: it is
 * none. */
int64_t wp_service_time_ms(const char *text);

/** Reads an error body; always fills *out, also from rubbish. */
void wp_service_error_parse(struct wp_service_error *out, const char *body, size_t len);

/** The upload policy: `data` or `output` of the answer. */
struct wp_upload_policy {
    char policy[4096];
    char signature[512];
    char upload_dir[512];
    char upload_host[512];
    char oss_access_key_id[128];
    char x_oss_object_acl[32];
    char x_oss_forbid_overwrite[16]; /**< "true" or "false", also where it was sent as a boolean */
    int64_t expire_in_seconds;       /**< -1: not said */
    int64_t max_file_size_mb;        /**< -1: not said */
};
/** False, and *out is zero: a field that an upload needs is missing, too long or malformed. */
bool wp_upload_policy_parse(struct wp_upload_policy *out, const char *body, size_t len);

/** One row of a task list. */
struct wp_listed_task {
    char task_id[128];
    enum wp_task_status status;
    char status_word[32];
    char model[64];
    char request_id[128]; /**< of the create call */
    int64_t created_ms;   /**< gmt_create; -1: not said */
    int64_t start_ms, end_ms;
};

#define WP_LIST_PAGE 100

struct wp_task_list {
    size_t count; /**< rows here, at most WP_LIST_PAGE */
    struct wp_listed_task rows[WP_LIST_PAGE];
    int64_t total, total_page, page_no;
};
/** False, and *out is zero: no list, more rows than WP_LIST_PAGE, a row without a valid task id, or a full
 * page that does not tell how many there are (else total_page is told, of pages of WP_LIST_PAGE). So a list
 * that was read is whole. */
bool wp_task_list_parse(struct wp_task_list *out, const char *body, size_t len);

#endif
