#include "content/content.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/error.h"
#include "content/crop.h"
#include "content/faces.h"
#include "content/module.h"
#include "content/quality.h"

#include "base/banned.h"

/* All memory of looks, so that none is asked for while one is taken. */
struct wp_content {
    struct wp_module module;
    struct wp_detector detector;
    struct wp_quality_room quality;
};

_Static_assert((int)WP_BACK_SIDE == (int)WP_QUALITY_SIDE, "one picture is for both");

static enum wp_status open_net(struct wp_content *content, size_t stage, const struct wp_buf *model,
                               struct wp_error *error)
{
    char reason[256] = "";
    size_t count = 0;
    struct wp_dnn_net *net = content->module.dnn->open(model->data, model->len, reason, sizeof reason);
    content->detector.nets[stage] = net;
    if (!net)
        return wp_fail(error, WP_INPUT, "content", "OpenCV cannot read the model %s: %s",
                       wp_content_models(&count)[stage].name, reason);
    return WP_OK;
}

enum wp_status wp_content_open(struct wp_content **out, const struct wp_content_parts *parts,
                               struct wp_error *error)
{
    struct wp_content *content = *out = wp_calloc(1, sizeof *content);
    if (!content)
        return wp_fail_nomem(error, "content");
    enum wp_status status = wp_module_load(&content->module, parts->module, error);
    content->detector.dnn = content->module.dnn;
    for (size_t i = 0; i < WP_CONTENT_MODELS && status == WP_OK; i++)
        status = open_net(content, i, &parts->models[i], error);
    if (status != WP_OK) {
        wp_content_close(content);
        *out = NULL;
    }
    return status;
}

/* From pixels of the picture to those of the displayed one. */
static void enlarge(struct wp_look *look, const struct wp_picture *picture, uint32_t width, uint32_t height)
{
    double x = (double)width / picture->width, y = (double)height / picture->height;
    for (size_t i = 0; i < WP_MAX_FACES; i++) {
        look->faces[i].x *= x;
        look->faces[i].width *= x;
        look->faces[i].y *= y;
        look->faces[i].height *= y;
    }
    look->width = width;
    look->height = height;
}

enum wp_status wp_content_look(struct wp_content *content, struct wp_look *out,
                               const struct wp_picture *picture, uint32_t display_width,
                               uint32_t display_height, struct wp_error *error)
{
    *out = (struct wp_look){0};
    wp_faces_prepare(&content->detector, picture);
    wp_quality_measure(out, picture, content->detector.whole, &content->quality);
    enum wp_status status = wp_faces_find(out, &content->detector, picture, error);
    if (status == WP_OK)
        enlarge(out, picture, display_width, display_height);
    else
        *out = (struct wp_look){0};
    return status;
}

void wp_content_close(struct wp_content *content)
{
    if (!content)
        return;
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++) {
        if (content->detector.nets[i])
            content->module.dnn->close(content->detector.nets[i]);
    }
    wp_module_unload(&content->module);
    wp_free(content);
}
