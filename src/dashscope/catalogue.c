#include "dashscope/catalogue.h"

#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* Advice that several codes share. */
#define SWITCH_ON                                                                                            \
    "Activate the service and this model for the account (and workspace) of the key in the Model Studio "    \
    "console."
#define PAY                                                                                                  \
    "Settle the account's balance in the Alibaba Cloud console; trying again does not help before that."
#define SLOW_DOWN                                                                                            \
    "Too many requests: wait and try again; other programs with keys of the same account count too."
#define QUOTA_GONE                                                                                           \
    "The quota of the account is used up: wait for it to be renewed or ask for more in the console."
#define FETCH                                                                                                \
    "The service could not download an input: it needs a public http(s) URL that answers within 10 s with "  \
    "a Content-Length; or give a local file, which is uploaded."
#define NO_PERSON                                                                                            \
    "Use media with exactly one person who faces the camera, is fully visible and fills a moderate part of " \
    "the frame."
#define REPAIR                                                                                               \
    "Run `wanprep check` on both files: it names the measured value, the limit and a command that repairs "  \
    "it."
#define REFUSED "The content inspection of the service refused the material: use another image or video."
#define SERVER                                                                                               \
    "The service failed inside: ask again later; before sending a create again, look whether a task was "    \
    "made."
#define CHECK_CALL                                                                                           \
    "The request is not as this model wants it: check mode, URLs and options (`wanprep run --dry-run` "      \
    "shows the request)."

static const struct wp_error_row table[] = {
    {"InvalidApiKey", WP_CLASS_AUTH,
     "Check the API key; keys of the China and international regions are separate (--region)."},
    {"invalid_api_key", WP_CLASS_AUTH,
     "Check the API key; keys of the China and international regions are separate (--region)."},
    {"AccessDenied", WP_CLASS_AUTH, SWITCH_ON},
    {"AccessDenied.Unpurchased", WP_CLASS_AUTH, SWITCH_ON},
    {"Model.AccessDenied", WP_CLASS_AUTH, SWITCH_ON},
    {"Workspace.AccessDenied", WP_CLASS_AUTH,
     "The key may not use this workspace: check --workspace, or use a key that was made in it."},
    {"AllocationQuota.FreeTierOnly", WP_CLASS_AUTH,
     "The free quota is used up and the account is set to free use only: switch that off in the console to "
     "go on paid."},
    {"Arrearage", WP_CLASS_BILLING, PAY},
    {"PrepaidBillOverdue", WP_CLASS_BILLING, PAY},
    {"PostpaidBillOverdue", WP_CLASS_BILLING, PAY},
    {"CommodityNotPurchased", WP_CLASS_BILLING,
     "The account has not bought this service: order it in the Alibaba Cloud console."},
    {"Throttling", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"Throttling.RateQuota", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"Throttling.BurstRate", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"Throttling.Concurrency", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"LimitRequests", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"limit_requests", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"limit_burst_rate", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"Throttling.AllocationQuota", WP_CLASS_QUOTA, QUOTA_GONE},
    {"insufficient_quota", WP_CLASS_QUOTA, QUOTA_GONE},
    {"Throttling.", WP_CLASS_THROTTLE, SLOW_DOWN},
    {"InvalidParameter", WP_CLASS_PARAMETER, CHECK_CALL},
    {"InvalidParameter.DataInspection", WP_CLASS_FETCH, FETCH},
    {"InvalidParameter.", WP_CLASS_PARAMETER, CHECK_CALL},
    {"InvalidURL", WP_CLASS_PARAMETER,
     "An input's URL is malformed: it must be http(s), ASCII, and end in the medium's extension."},
    {"InvalidURL.Timeout", WP_CLASS_FETCH, FETCH},
    {"InvalidURL.ConnectionRefused", WP_CLASS_FETCH, FETCH},
    {"InvalidURL.", WP_CLASS_FETCH, FETCH},
    {"BadRequest.InputDownloadFailed", WP_CLASS_FETCH, FETCH},
    {"BadRequest.", WP_CLASS_PARAMETER, CHECK_CALL},
    {"UnsupportedOperation", WP_CLASS_PARAMETER,
     "The task is not PENDING any more, and only a pending task can be cancelled."},
    {"ModelNotFound", WP_CLASS_PARAMETER,
     "The model is not offered at this base URL: check --region and --base-url."},
    {"model_not_found", WP_CLASS_PARAMETER,
     "The model is not offered at this base URL: check --region and --base-url."},
    {"DataInspectionFailed", WP_CLASS_CONTENT, REFUSED},
    {"IPInfringementSuspect", WP_CLASS_CONTENT, REFUSED},
    {"FaqRuleBlocked", WP_CLASS_CONTENT, REFUSED},
    {"CustomRoleBlocked", WP_CLASS_CONTENT, REFUSED},
    {"InvalidFile.NoHuman", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.MultiHuman", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.BodyProportion", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.FacePose", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.FullFace", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.FrontBody", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.FullBody", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.BodyPose", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.Value", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.Content", WP_CLASS_PERSON,
     "The first frame shows no person, or one too small or not clear: begin the video with a frame that "
     "shows the person well."},
    {"InvalidPerson", WP_CLASS_PERSON, NO_PERSON},
    {"InvalidFile.Size", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.Format", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.Resolution", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.AspectRatio", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.Duration", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.FPS", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.Openerror", WP_CLASS_FILE, REPAIR},
    {"InvalidFile.", WP_CLASS_FILE, REPAIR},
    {"InvalidVideo.Resolution", WP_CLASS_FILE, REPAIR},
    {"InvalidVideo.Duration", WP_CLASS_FILE, REPAIR},
    {"InvalidVideo.", WP_CLASS_PERSON, "The service does not take the video: " NO_PERSON},
    {"InvalidImage.Resolution", WP_CLASS_FILE, REPAIR},
    {"InvalidImage.", WP_CLASS_PERSON, "The service does not take the image: " NO_PERSON},
    {"InternalError", WP_CLASS_SERVER, SERVER},
    {"InternalError.Timeout", WP_CLASS_SERVER,
     "The task ran into the service's limit of 3 hours and was given up: submit it again later."},
    {"InternalError.", WP_CLASS_SERVER, SERVER},
    {"internal_error", WP_CLASS_SERVER, SERVER},
    {"SystemError", WP_CLASS_SERVER, SERVER},
    {"ModelServiceFailed", WP_CLASS_SERVER, SERVER},
    {"RequestTimeOut", WP_CLASS_SERVER, SERVER},
    {"ModelUnavailable", WP_CLASS_UNAVAILABLE, "The model is not available for the moment: try again later."},
    {"ModelServingError", WP_CLASS_UNAVAILABLE,
     "The model is not available for the moment: try again later."},
};

enum { ROWS = sizeof table / sizeof table[0] };

const struct wp_error_row *wp_error_rows(size_t *count)
{
    *count = ROWS;
    return table;
}

const struct wp_error_row *wp_error_find(const char *code)
{
    const struct wp_error_row *prefix = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(table[i].code, code) == 0)
            return &table[i];
        if (wp_text_ends(table[i].code, ".") && wp_text_starts(code, table[i].code))
            prefix = &table[i];
    }
    return prefix;
}

enum wp_error_class wp_error_classify(long http_status, const char *code)
{
    const struct wp_error_row *row = wp_error_find(code);
    if (row)
        return row->kind;
    if (http_status == 401 || http_status == 403)
        return WP_CLASS_AUTH;
    if (http_status == 429)
        return WP_CLASS_THROTTLE;
    if (http_status == 503)
        return WP_CLASS_UNAVAILABLE;
    if (http_status == 408 || (http_status >= 500 && http_status <= 599))
        return WP_CLASS_SERVER;
    return WP_CLASS_OTHER;
}

/* A refusal with a 4xx status: its class decides, whatever the number (billing comes as 429, say). */
static enum wp_call_outcome judge_refusal(enum wp_error_class kind, enum wp_call_outcome server)
{
    switch (kind) {
    case WP_CLASS_THROTTLE:
    case WP_CLASS_QUOTA:
    case WP_CLASS_UNAVAILABLE:
        return WP_CALL_TRY_AGAIN;
    case WP_CLASS_SERVER:
        return server;
    case WP_CLASS_AUTH:
    case WP_CLASS_BILLING:
    case WP_CLASS_PARAMETER:
    case WP_CLASS_FETCH:
    case WP_CLASS_CONTENT:
    case WP_CLASS_FILE:
    case WP_CLASS_PERSON:
    case WP_CLASS_OTHER:
        break;
    }
    return WP_CALL_GIVE_UP;
}

enum wp_call_outcome wp_call_judge(enum wp_call call, long http_status, const char *code)
{
    enum wp_call_outcome server = call == WP_CALL_CREATE ? WP_CALL_UNCERTAIN : WP_CALL_TRY_AGAIN;
    if (http_status == 503)
        return WP_CALL_TRY_AGAIN;
    if (http_status == 408 || http_status < 300 || http_status >= 500)
        return server; /* the request may have been acted on, or was and the answer cannot be read */
    if (http_status < 400)
        return WP_CALL_GIVE_UP; /* a redirect: the service sends none, so this is not the service */
    return judge_refusal(wp_error_classify(http_status, code), server);
}
