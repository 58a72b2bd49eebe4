/*
 * The emulated service: its state, and one function an endpoint. Single-threaded.
 *
 * Names in this room begin with sb_: the sandbox is a program of its own, which shares base/ and json/ with
 * wanprep and nothing else, so that a mistake in wanprep's client is not mirrored here.
 */
#ifndef WP_SANDBOX_SERVICE_H
#define WP_SANDBOX_SERVICE_H

#include "sandbox/answer.h"
#include "sandbox/books.h"
#include "sandbox/config.h"
#include "sandbox/limiter.h"
#include "sandbox/request.h"
#include "sandbox/storage.h"
#include "sandbox/tasks.h"
#include "sandbox/video.h"

#define SB_MODEL "wan2.2-animate-move"

struct sb_service {
    const struct sb_config *config; /**< borrowed */
    char root[64];                  /**< "http://127.0.0.1:PORT" */
    uint64_t counts[SB_ENDPOINTS];
    struct sb_tasks tasks;
    struct sb_storage storage;
    struct sb_limiter limiter;
    struct sb_books books;
    struct sb_video video;
    bool healed; /**< its faults were lifted */
};

/** Fails with WP_INPUT (the video) or WP_NOMEM. Freed with sb_service_free(), also after a failure. */
enum wp_status sb_service_init(struct sb_service *service, const struct sb_config *config, int64_t now_ms,
                               struct wp_error *error);
void sb_service_free(struct sb_service *service);

/** Tells the endpoint from method and path. */
enum sb_endpoint sb_service_route(const char *method, const char *path);

/** The most bytes that a body can have. */
uint64_t sb_max_body(enum sb_endpoint endpoint);

/** Refuses by its headers alone a request whose body would be too large, or is a form of unknown length.
 * False: it is to be read on. */
bool sb_service_refuse_early(struct sb_service *service, struct sb_request *request,
                             struct sb_answer *answer);

/** Carries out a request that has come whole: limits, faults, the endpoint, the books. */
void sb_service_answer(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);

/** The id part of "/api/v1/tasks/ID" or "/api/v1/tasks/ID/cancel". */
void sb_path_task_id(char *out, size_t size, const char *path);

/* The endpoints. Each fills the answer. */
void sb_serve_create(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_query(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_list(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_cancel(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_policy(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_upload(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_download(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_books(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);
void sb_serve_lift(struct sb_service *service, struct sb_request *request, struct sb_answer *answer);

/** A signed URL of a task's result, good for the configured time. */
void sb_result_url(const struct sb_service *service, char *out, size_t size, const char *task_id,
                   int64_t wall_ms);

/** A wall time in the service's zone, "2025-09-18 19:32:00.105" (UTC+8, without saying so). */
void sb_format_time(char out[32], int64_t wall_ms);

#endif
