#include "content/content.h"

#include <string.h>

#include "base/banned.h"

enum { SIDE = 64 };

enum wp_status wp_content_try(const struct wp_content_options *options, struct wp_error *error)
{
    uint8_t grey[SIDE * SIDE * 3];
    struct wp_content_parts parts;
    struct wp_content *content = NULL;
    struct wp_look look;
    memset(grey, 128, sizeof grey);
    const struct wp_picture picture = {SIDE, SIDE, grey};
    enum wp_status status = wp_content_find(&parts, options->module, options->models, error);
    if (status == WP_OK)
        status = wp_content_open(&content, &parts, error);
    if (status == WP_OK)
        status = wp_content_look(content, &look, &picture, SIDE, SIDE, error);
    wp_content_close(content);
    wp_content_parts_free(&parts);
    return status;
}
