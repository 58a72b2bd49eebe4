/* POST …/services/aigc/image2video/video-synthesis */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "sandbox/service.h"
#include "json/json.h"

#include "base/banned.h"

/* What an input has to be. */
struct medium {
    const char *name;
    const char *extensions[6];
};

static const struct medium image = {"image_url", {"jpg", "jpeg", "png", "bmp", "webp"}};
static const struct medium video = {"video_url", {"mp4", "avi", "mov"}};

static bool header_is(const struct sb_request *request, const char *name, const char *value)
{
    const char *header = sb_request_header(request, name);
    return header && wp_text_equal_nocase(header, value);
}

static bool check_headers(const struct sb_request *request, struct sb_answer *answer)
{
    if (!header_is(request, "X-DashScope-Async", "enable")) {
        sb_refuse(answer, request, 403, "AccessDenied",
                  "current user api does not support synchronous calls.");
        return false;
    }
    const char *type = sb_request_header(request, "Content-Type");
    char media_type[32];
    (void)wp_text_format(media_type, sizeof media_type, "%.*s", type ? (int)strcspn(type, "; ") : 0,
                         type ? type : "");
    if (!wp_text_equal_nocase(media_type, "application/json")) {
        sb_refuse(answer, request, 400, "InvalidParameter", "Content-Type must be application/json.");
        return false;
    }
    return true;
}

/* Whether all is printable ASCII. */
static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~')
            return false;
    }
    return true;
}

static bool check_object(const struct sb_service *service, const struct sb_request *request,
                         struct sb_answer *answer, const struct medium *medium, const char *url)
{
    if (!header_is(request, "X-DashScope-OssResourceResolve", "enable")) {
        sb_refuse(answer, request, 400, "InvalidParameter",
                  "input.%s is an oss:// URL: the header X-DashScope-OssResourceResolve: enable is missing.",
                  medium->name);
        return false;
    }
    if (!sb_storage_find(&service->storage, url + strlen("oss://"), request->now_ms)) {
        sb_refuse(answer, request, 400, "InvalidURL", "input.%s names an object that was not uploaded: %s",
                  medium->name, url);
        return false;
    }
    return true;
}

static bool check_extension(const struct sb_request *request, struct sb_answer *answer,
                            const struct medium *medium, const char *url)
{
    char extension[8];
    wp_text_extension(extension, sizeof extension, url, true);
    for (size_t i = 0; medium->extensions[i]; i++) {
        if (strcmp(extension, medium->extensions[i]) == 0)
            return true;
    }
    sb_refuse(answer, request, 400, "InvalidFile.Format", "input.%s has an unsupported file type: '%s'.",
              medium->name, extension);
    return false;
}

/* Checks one input URL; NULL, and the refusal made, if the service would not take it. */
static const char *check_url(const struct sb_service *service, const struct sb_request *request,
                             struct sb_answer *answer, const struct wp_json *input,
                             const struct medium *medium)
{
    const char *url = wp_json_text(input, medium->name);
    if (!url) {
        sb_refuse(answer, request, 400, "InvalidParameter", "input.%s is missing or no string.",
                  medium->name);
        return NULL;
    }
    bool object = wp_text_starts(url, "oss://");
    const char *host = wp_text_starts(url, "http://")    ? url + strlen("http://")
                       : wp_text_starts(url, "https://") ? url + strlen("https://")
                                                         : "";
    if (!is_plain(url) || (!object && strcspn(host, "/?#") == 0)) {
        sb_refuse(answer, request, 400, "InvalidURL",
                  "input.%s must be an http, https or oss URL without spaces and non-ASCII characters.",
                  medium->name);
        return NULL;
    }
    if (object && !check_object(service, request, answer, medium, url))
        return NULL;
    return check_extension(request, answer, medium, url) ? url : NULL;
}

/* Reads an optional boolean. False: it is there but no boolean, or it stands where it does not belong. */
static bool read_bool(const struct sb_request *request, struct sb_answer *answer, const struct wp_json *right,
                      const struct wp_json *wrong, const char *name, bool *out)
{
    if (wp_json_member(wrong, name) || (wp_json_member(right, name) && !wp_json_bool(right, name, out))) {
        sb_refuse(answer, request, 400, "InvalidParameter", "%s must be a boolean in %s.", name,
                  strcmp(name, "watermark") == 0 ? "input" : "parameters");
        return false;
    }
    return true;
}

static bool read_parameters(const struct sb_request *request, struct sb_answer *answer,
                            const struct wp_json *body, struct sb_task *task)
{
    const struct wp_json *input = wp_json_member(body, "input");
    const struct wp_json *parameters = wp_json_member(body, "parameters");
    const char *mode = wp_json_text(parameters, "mode");
    task->pro = mode && strcmp(mode, "wan-pro") == 0;
    task->watermark = false;
    task->check_image = true;
    if (!mode || wp_json_member(input, "mode") || (!task->pro && strcmp(mode, "wan-std") != 0)) {
        sb_refuse(answer, request, 400, "InvalidParameter",
                  "mode must be wan-std or wan-pro, in parameters.");
        return false;
    }
    return read_bool(request, answer, input, parameters, "watermark", &task->watermark) &&
           read_bool(request, answer, parameters, input, "check_image", &task->check_image);
}

static bool check_model(const struct sb_request *request, struct sb_answer *answer,
                        const struct wp_json *body)
{
    const char *model = wp_json_text(body, "model");
    if (!model)
        sb_refuse(answer, request, 400, "InvalidParameter", "model is missing or no string.");
    else if (strcmp(model, SB_MODEL) != 0)
        sb_refuse(answer, request, 404, "ModelNotFound", "Model not exist: %s.", model);
    return model && strcmp(model, SB_MODEL) == 0;
}

static void answer_created(struct sb_service *service, struct sb_request *request, struct sb_answer *answer,
                           const struct sb_task *task)
{
    if (!task) {
        sb_refuse(answer, request, 500, "InternalError", "The sandbox has no room for more tasks.");
        return;
    }
    struct wp_json_writer writer = sb_answer_json(answer);
    wp_json_begin_object(&writer, "output");
    wp_json_put_text(&writer, "task_id", task->id);
    wp_json_put_text(&writer, "task_status", sb_task_status(&service->tasks, task));
    wp_json_end_object(&writer);
    sb_answer_json_end(answer, &writer, request->id);
}

void sb_serve_create(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    if (!check_headers(request, answer))
        return;
    struct wp_json *body = wp_json_parse(wp_buf_text(&request->body), request->body.len);
    if (!wp_json_is_object(body)) {
        sb_refuse(answer, request, 400, "InvalidParameter", "The body is no JSON object.");
        goto out;
    }
    if (!check_model(request, answer, body))
        goto out;
    const struct wp_json *input = wp_json_member(body, "input");
    const char *image_url = check_url(service, request, answer, input, &image);
    const char *video_url = image_url ? check_url(service, request, answer, input, &video) : NULL;
    struct sb_task task = {.submitted_ms = request->now_ms, .fails_with = request->fails_with};
    if (!video_url || !read_parameters(request, answer, body, &task))
        goto out;
    sb_uuid(task.id);
    memcpy(task.request_id, request->id, sizeof task.request_id);
    task.image_url = wp_strdup(image_url);
    task.video_url = wp_strdup(video_url);
    answer_created(service, request, answer, sb_tasks_add(&service->tasks, &task));
out:
    wp_json_free(body);
}
