#include "report/variable.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "report/figures.h"
#include "report/location.h"
#include "report/writers.h"

#include "base/banned.h"

static void add_file(struct wp_buf *out, const struct wp_prose *prose)
{
    if (prose->finding->subject == WP_SUBJECT_PAIR)
        wp_writer_names(out, prose->preflight);
    else
        wp_location_display(out, prose->source);
}

static void add_actual(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_finding *finding = prose->finding;
    wp_figure_value(out, &finding->actual, &finding->limit, finding->rule->unit);
}

static void add_limit(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_value *limit = &prose->finding->limit;
    const char *last = limit->kind == WP_VALUE_TEXT ? strrchr(limit->text, ',') : NULL;
    if (last) { /* a list of words */
        (void)wp_buf_add(out, limit->text, (size_t)(last - limit->text));
        (void)wp_buf_add_format(out, " or%s", last + 1);
        return;
    }
    wp_figure_value(out, limit, NULL, prose->finding->rule->unit);
}

static void add_detail(struct wp_buf *out, const struct wp_prose *prose)
{
    char text[sizeof prose->finding->detail];
    wp_text_copy(text, sizeof text, prose->finding->detail);
    if (prose->source->kind != WP_SOURCE_FILE)
        wp_redact(text);
    wp_text_sanitize(text);
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '.') /* the template ends the sentence */
        len--;
    (void)wp_buf_add(out, text, len);
}

static void add_format(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_preflight *preflight = prose->preflight;
    (void)wp_buf_add_text(
        out, wp_format_name(prose->is_video ? preflight->video.format : preflight->image.format));
}

static void add_number(struct wp_buf *out, uint32_t number)
{
    (void)wp_buf_add_format(out, "%" PRIu32, number);
}

static void add_width(struct wp_buf *out, const struct wp_prose *prose)
{
    add_number(out, prose->is_video ? prose->preflight->video.width : prose->preflight->image.width);
}

static void add_height(struct wp_buf *out, const struct wp_prose *prose)
{
    add_number(out, prose->is_video ? prose->preflight->video.height : prose->preflight->image.height);
}

static void add_image_width(struct wp_buf *out, const struct wp_prose *prose)
{
    add_number(out, prose->preflight->image.width);
}

static void add_image_height(struct wp_buf *out, const struct wp_prose *prose)
{
    add_number(out, prose->preflight->image.height);
}

static void add_video_width(struct wp_buf *out, const struct wp_prose *prose)
{
    add_number(out, prose->preflight->video.width);
}

static void add_video_height(struct wp_buf *out, const struct wp_prose *prose)
{
    add_number(out, prose->preflight->video.height);
}

static void add_seconds(struct wp_buf *out, struct wp_rational time, const char *unit)
{
    if (time.den > 0)
        wp_figure_decimal(out, (double)time.num / (double)time.den, 3);
    (void)wp_buf_add_text(out, unit);
}

static void add_duration(struct wp_buf *out, const struct wp_prose *prose)
{
    add_seconds(out, prose->preflight->video.duration, " s");
}

static void add_duration_value(struct wp_buf *out, const struct wp_prose *prose)
{
    add_seconds(out, prose->preflight->video.duration, "");
}

static void add_container_duration(struct wp_buf *out, const struct wp_prose *prose)
{
    add_seconds(out, prose->preflight->video.container_duration, " s");
}

static void add_encoded(struct wp_buf *out, const struct wp_prose *prose)
{
    wp_location_encoded(out, prose->source);
}

bool wp_variable_add(struct wp_buf *out, const struct wp_prose *prose, const char *name, size_t len)
{
    static const struct {
        const char *name;
        void (*add)(struct wp_buf *out, const struct wp_prose *prose);
    } variables[] = {
        {"file", add_file},
        {"actual", add_actual},
        {"limit", add_limit},
        {"detail", add_detail},
        {"format", add_format},
        {"width", add_width},
        {"height", add_height},
        {"image.width", add_image_width},
        {"image.height", add_image_height},
        {"video.width", add_video_width},
        {"video.height", add_video_height},
        {"duration", add_duration},
        {"duration.value", add_duration_value},
        {"container_duration", add_container_duration},
        {"encoded", add_encoded},
    };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        if (strlen(variables[i].name) == len && memcmp(variables[i].name, name, len) == 0) {
            variables[i].add(out, prose);
            return true;
        }
    }
    return wp_command_variable_add(out, prose, name, len);
}
