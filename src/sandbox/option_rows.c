#include <stddef.h>

#include "sandbox/config.h"
#include "sandbox/option.h"

#include "base/banned.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

#define HEADING(text)                                                                                        \
    {                                                                                                        \
        .kind = SB_HEADING, .name = (text)                                                                   \
    }
#define TEXT(n, called, field, standard, h)                                                                  \
    {                                                                                                        \
        .kind = SB_TEXT, .name = (n), .value = (called), .offset = offsetof(struct sb_config, field),        \
        .fallback_text = (standard), .help = (h)                                                             \
    }
#define NUMBER(n, field, most, standard, h)                                                                  \
    {                                                                                                        \
        .kind = SB_NUMBER, .name = (n), .value = "N", .offset = offsetof(struct sb_config, field),           \
        .max = (most), .fallback = (standard), .help = (h)                                                   \
    }
#define TIME(n, field, most, standard, h)                                                                    \
    {                                                                                                        \
        .kind = SB_TIME, .name = (n), .value = "MS", .offset = offsetof(struct sb_config, field),            \
        .max = (most), .fallback = (standard), .help = (h)                                                   \
    }
#define CHOICE(n, field, h, ...)                                                                             \
    {                                                                                                        \
        .kind = SB_CHOICE, .name = (n), .offset = offsetof(struct sb_config, field), .help = (h),            \
        .choices = {                                                                                         \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    }
#define BARE(k, n, h)                                                                                        \
    {                                                                                                        \
        .kind = (k), .name = (n), .help = (h)                                                                \
    }

static const struct sb_option rows[] = {
    HEADING("Server"),
    NUMBER("port", port, 65535, 0, "port on 127.0.0.1; 0 takes a free one"),
    TEXT("api-key", "KEY", api_key, NULL, "take this key only; without it any sk-... will do"),
    CHOICE("rate-limits", rate_limits, "answer 429 over the service's documented rates", "off", "on"),
    NUMBER("keep", keep, 100000, 1000, "how many requests the books keep in full"),

    HEADING("Tasks"),
    TIME("pending", pending_ms, DAY_MS, 0, "how long a task is PENDING at least"),
    TIME("running", running_ms, DAY_MS, 0, "how long it is RUNNING"),
    {.kind = SB_NUMBER,
     .name = "parallel",
     .value = "N",
     .offset = offsetof(struct sb_config, parallel),
     .min = 1,
     .max = SB_MAX_PARALLEL,
     .fallback = 1,
     .help = "how many tasks run at the same time"},
    TEXT("outcome", "WORD", outcome, "SUCCEEDED", "FAILED, CANCELED, UNKNOWN or any other word"),
    TEXT("code", "CODE", code, "InvalidVideo.NoHuman", "output.code of a FAILED task"),
    TEXT("message", "TEXT", message, "No human was found.", "output.message of a FAILED task"),
    TIME("seconds", seconds_ms, 3600000, 3200, "what a task that succeeds is billed"),
    TIME("task-lifetime", task_lifetime_ms, DAY_MS, DAY_MS, "after this a task is UNKNOWN"),

    HEADING("Answers"),
    CHOICE("result-shape", result_shape, "results.video_url, video_url or results[0].url of output",
           "results", "flat", "array"),
    CHOICE("usage-shape", usage_shape, "usage.video_duration, or no usage", "fraction", "integer", "missing"),
    TEXT("video-ratio", "WORD", ratio, NULL, "usage.video_ratio; without it standard or pro, by the mode"),
    CHOICE("policy-shape", policy_shape, "the member that holds an upload policy", "data", "output"),
    TIME("policy-lifetime", policy_lifetime_ms, DAY_MS, 300000,
         "after this it answers 403 \"Policy expired\""),
    TIME("url-lifetime", url_lifetime_ms, DAY_MS, DAY_MS, "of a result URL; each query signs a new one"),
    TEXT("video", "FILE", video, NULL, "serve this MP4 instead of the built-in one"),

    HEADING("Faults"),
    {.kind = SB_FAULT, .name = "fault", .value = "RULE", .help = "see below; many can be given"},
    NUMBER("seed", seed, UINT32_MAX, 1, "decides which requests the faults by chance hit"),

    HEADING("Other"),
    BARE(SB_HELP, "help", "print this help"),
    BARE(SB_VERSION, "version", "print the version"),
};

const struct sb_option *sb_options(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}
