/* The create request as it would be sent, for people and dry runs. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "dashscope/endpoint.h"
#include "dashscope/request.h"
#include "job/job.h"
#include "json/json.h"

#include "base/banned.h"

/* A URL as it is; a local file as the URL that its upload would get. */
static void show_input(char out[2200], const char *given)
{
    char extension[16];
    if (!wp_job_is_local(given)) {
        (void)wp_text_copy(out, 2200, given);
        return;
    }
    wp_text_extension(extension, sizeof extension, given, false);
    (void)wp_text_format(out, 2200, "oss://<upload folder>/<unique name>%s%s", extension[0] ? "." : "",
                         extension);
}

static void put_headers(struct wp_json_writer *writer, const struct wp_headers *headers)
{
    wp_json_begin_object(writer, "headers");
    for (size_t i = 0; headers->list[i]; i++) {
        char name[512];
        (void)wp_text_copy(name, sizeof name, headers->list[i]);
        char *colon = strstr(name, ": ");
        if (!colon)
            continue;
        *colon = '\0';
        wp_json_put_text(writer, name, colon + 2);
    }
    wp_json_end_object(writer);
}

static bool write_document(struct wp_buf *out, const char *url, const struct wp_headers *headers,
                           const struct wp_buf *body)
{
    struct wp_json *document = wp_json_parse(wp_buf_text(body), body->len);
    if (!document)
        return false;
    struct wp_json_writer writer = wp_json_writer_new(out, 2);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_text(&writer, "method", "POST");
    wp_json_put_text(&writer, "url", url);
    put_headers(&writer, headers);
    wp_json_put_value(&writer, "body", document);
    wp_json_end_object(&writer);
    wp_json_free(document);
    return out->failed == WP_OK;
}

enum wp_status wp_job_describe(char **out, const struct wp_client_options *client,
                               const struct wp_job_request *request, struct wp_error *error)
{
    char image[2200], video[2200];
    struct wp_endpoint endpoint;
    struct wp_headers headers = {0};
    struct wp_buf url = wp_buf_new(1024), body = wp_buf_new((size_t)32 * 1024),
                  document = wp_buf_new((size_t)128 * 1024);
    *out = NULL;
    if (!request->image || !request->video)
        return wp_fail(error, WP_USAGE, "job", "a job needs an image and a video");
    show_input(image, request->image);
    show_input(video, request->video);
    struct wp_create_request create = {.image_url = image,
                                       .video_url = video,
                                       .mode = request->mode,
                                       .watermark = request->watermark,
                                       .check_image = request->check_image};
    enum wp_status status = wp_endpoint_set(&endpoint, client->base_url, client->region, error);
    if (status != WP_OK)
        goto out;
    if (!wp_headers_set(&headers, WP_CALL_CREATE, "***", client->workspace, wp_create_needs_oss(&create))) {
        status = wp_fail(error, WP_USAGE, "client", "the workspace id is too long or holds blanks");
        goto out;
    }
    if (!wp_endpoint_create_url(&endpoint, &url) || !wp_create_body(&create, &body) ||
        !write_document(&document, wp_buf_text(&url), &headers, &body) || !(*out = wp_buf_take(&document)))
        status = wp_fail_nomem(error, "job");
out:
    wp_headers_wipe(&headers);
    wp_buf_free(&document);
    wp_buf_free(&body);
    wp_buf_free(&url);
    return status;
}
