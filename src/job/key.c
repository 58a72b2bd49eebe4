#include "job/key.h"

#include "base/buf.h"
#include "base/error.h"

#include "base/banned.h"

/* A URL and a file that happens to hold its text are not the same input. */
static void add_input(struct wp_buf *text, const char *name, const struct wp_key_input *input)
{
    (void)wp_buf_add_format(text, "%s %s %s\n", name, input->is_url ? "url" : "bytes", input->sha256);
}

enum wp_status wp_job_key(wp_sha256_hex out, const struct wp_key_parts *parts, struct wp_error *error)
{
    struct wp_buf text = wp_buf_new(4096);
    (void)wp_buf_add_text(&text, "wanprep job 1\n");
    add_input(&text, "image", &parts->image);
    add_input(&text, "video", &parts->video);
    (void)wp_buf_add_format(&text, "mode %s\nwatermark %d\ncheck_image %d\nservice %s\n",
                            wp_mode_name(parts->mode), parts->watermark, parts->check_image, parts->base_url);
    enum wp_status status =
        text.failed != WP_OK ? wp_fail_nomem(error, "job") : wp_sha256_text(out, wp_buf_text(&text), error);
    wp_buf_free(&text);
    return status;
}
