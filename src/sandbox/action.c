#include "sandbox/action.h"

#include <string.h>

#include "sandbox/request.h"

#include "base/banned.h"

#define API     (1U << SB_CREATE | 1U << SB_QUERY | 1U << SB_LIST | 1U << SB_CANCEL | 1U << SB_POLICY)
#define STORAGE (1U << SB_UPLOAD | 1U << SB_DOWNLOAD)
#define ANY     (API | STORAGE)
#define TASK    (1U << SB_CREATE | 1U << SB_QUERY | 1U << SB_LIST)

#define REFUSE(number, where, api, storage, text, h)                                                         \
    {                                                                                                        \
        .word = #number, .kind = SB_REFUSE, .endpoints = (where), .status = (number), .code = (api),         \
        .storage_code = (storage), .message = (text), .help = (h)                                            \
    }
#define HTML(w, number, text, h)                                                                             \
    {                                                                                                        \
        .word = (w), .kind = SB_HTML, .endpoints = ANY, .status = (number), .message = (text), .help = (h)   \
    }
#define PLAIN(w, k, h)                                                                                       \
    {                                                                                                        \
        .word = (w), .kind = (k), .endpoints = ANY, .help = (h)                                              \
    }
#define NUMBER(w, k, least, most, standard, h)                                                               \
    {                                                                                                        \
        .word = (w), .kind = (k), .endpoints = ANY, .param = SB_NUMBER_PARAM, .min = (least), .max = (most), \
        .fallback = (standard), .help = (h)                                                                  \
    }
#define NAME(w, k, where, h)                                                                                 \
    {                                                                                                        \
        .word = (w), .kind = (k), .endpoints = (where), .param = SB_NAME_PARAM, .help = (h)                  \
    }

static const struct sb_action rows[] = {
    REFUSE(400, ANY, "InvalidParameter", "InvalidArgument", "Required parameter is missing or invalid.",
           "InvalidParameter"),
    REFUSE(401, ANY, "InvalidApiKey", "InvalidAccessKeyId", "Invalid API-key provided.", "InvalidApiKey"),
    REFUSE(403, ANY, "AccessDenied", "AccessDenied", "Access denied.", "AccessDenied"),
    REFUSE(404, ANY, "ModelNotFound", "NoSuchKey", "Not found.", "ModelNotFound; from storage NoSuchKey"),
    REFUSE(408, ANY, "RequestTimeOut", "RequestTimeout", "Request timed out.", "RequestTimeOut"),
    REFUSE(409, ANY, "Conflict", "FileAlreadyExists",
           "The request conflicts with what is there, which can not be overwritten.",
           "Conflict; from storage FileAlreadyExists"),
    REFUSE(429, ANY, "Throttling.RateQuota", "QpsLimitExceeded", "Requests rate limit exceeded.",
           "Throttling.RateQuota"),
    REFUSE(500, ANY, "InternalError", "InternalError", "An internal error has occurred.", "InternalError"),
    REFUSE(503, ANY, "ModelUnavailable", "ServiceUnavailable", "Service is unavailable.", "ModelUnavailable"),
    HTML("502", 502, "Bad Gateway", "the HTML page of a proxy in between"),
    HTML("504", 504, "Gateway Time-out", "the same"),
    HTML("html502", 502, "Bad Gateway", "another word for 502"),
    {.word = "expired",
     .kind = SB_REFUSE,
     .endpoints = STORAGE,
     .status = 403,
     .storage_code = "AccessDenied",
     .message = "Invalid according to Policy: Policy expired.",
     .help = "403: the policy, or the signed URL, has expired"},
    PLAIN("hang", SB_HANG, "never answer, do nothing"),
    PLAIN("drop-before", SB_DROP_BEFORE, "reset the connection, do nothing"),
    PLAIN("drop-after", SB_DROP_AFTER, "do what was asked, then reset the connection without an answer"),
    NUMBER("delay", SB_DELAY, 0, 600000, 1000, "answer N ms later"),
    NUMBER("drip", SB_DRIP, 1, 60000, 100, "send the body one byte every N ms"),
    NUMBER("away", SB_AWAY, 1, 60000, 1000, "answer, then refuse all connections for N ms"),
    NUMBER("truncate", SB_TRUNCATE, 0, UINT32_MAX, 0, "end the connection after N bytes of the body"),
    NUMBER("wrong-length", SB_WRONG_LENGTH, 0, UINT32_MAX, 0,
           "Content-Length is N: cut there, yet seemingly whole"),
    PLAIN("garbage", SB_GARBAGE, "200 with bytes that are neither JSON nor video"),
    NUMBER("huge", SB_HUGE, 1, 256, 64, "200 with N MiB of well-formed JSON"),
    NUMBER("deep", SB_DEEP, 1, 1000000, 100000, "200 with JSON arrays nested N deep"),
    NAME("missing-field", SB_OMIT, API, "leave the member WORD out of the answer"),
    NAME("twice", SB_REPEAT, API, "give the member WORD twice, another value first"),
    NAME("status", SB_SET_STATUS, TASK, "say that the status of the task, or of each in the list, is WORD"),
    {.word = "empty",
     .kind = SB_EMPTY_LIST,
     .endpoints = 1U << SB_LIST,
     .help = "say that there are no tasks (yet)"},
    NAME("fails", SB_FAIL_TASK, 1U << SB_CREATE, "the task that is made ends as FAILED with the code WORD"),
};

const struct sb_action *sb_actions(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct sb_action *sb_action_find(const char *word)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].word, word) == 0)
            return &rows[i];
    }
    return NULL;
}
