#include "dashscope/request.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "dashscope/endpoint.h"
#include "json/json.h"

#include "base/banned.h"

bool wp_create_body(const struct wp_create_request *request, struct wp_buf *out)
{
    struct wp_json_writer writer = wp_json_writer_new(out, 0);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_text(&writer, "model", WP_MODEL);
    wp_json_begin_object(&writer, "input");
    wp_json_put_text(&writer, "image_url", request->image_url);
    wp_json_put_text(&writer, "video_url", request->video_url);
    wp_json_put_bool(&writer, "watermark", request->watermark);
    wp_json_end_object(&writer);
    wp_json_begin_object(&writer, "parameters");
    wp_json_put_text(&writer, "mode", wp_mode_name(request->mode));
    wp_json_put_bool(&writer, "check_image", request->check_image);
    wp_json_end_object(&writer);
    wp_json_end_object(&writer);
    return out->failed == WP_OK;
}

bool wp_create_needs_oss(const struct wp_create_request *request)
{
    return wp_text_starts(request->image_url, "oss://") || wp_text_starts(request->video_url, "oss://");
}

/* Whether text can be the value of a header: not empty, and no byte that could end the line. */
static bool is_header_value(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p < 0x21 || *p > 0x7e)
            return false;
    }
    return text[0] != '\0';
}

static bool add_line(struct wp_headers *out, const char *name, const char *value)
{
    size_t n = 0;
    while (out->list[n])
        n++;
    assert(n < sizeof out->lines / sizeof out->lines[0]);
    if (!wp_text_format(out->lines[n], sizeof out->lines[n], "%s%s", name, value))
        return false;
    out->list[n] = out->lines[n];
    return true;
}

bool wp_headers_set(struct wp_headers *out, enum wp_call call, const char *api_key, const char *workspace,
                    bool oss_resolve)
{
    bool create = call == WP_CALL_CREATE;
    *out = (struct wp_headers){0};
    if (is_header_value(api_key) && (!workspace || is_header_value(workspace)) &&
        add_line(out, "Authorization: Bearer ", api_key) &&
        (!create || add_line(out, "Content-Type: ", "application/json")) &&
        (!create || add_line(out, "X-DashScope-Async: ", "enable")) &&
        (!create || !oss_resolve || add_line(out, "X-DashScope-OssResourceResolve: ", "enable")) &&
        (!workspace || add_line(out, "X-DashScope-WorkSpace: ", workspace)))
        return true;
    wp_headers_wipe(out);
    return false;
}

void wp_headers_wipe(struct wp_headers *headers)
{
    if (headers)
        explicit_bzero(headers, sizeof *headers);
}
