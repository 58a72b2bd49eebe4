#include "cli/pairs.h"

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

/* More bad rows than these are only counted. */
enum { MAX_TOLD = 20 };

bool wp_set_list(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    struct wp_text_list *list = field;
    if (!text[0] || list->count == WP_MAX_INPUTS)
        return false;
    list->items[list->count++] = text;
    return true;
}

static enum wp_status reserve(struct wp_pairs *out, size_t count, struct wp_error *error)
{
    out->items = wp_calloc(count, sizeof *out->items);
    if (!out->items)
        return wp_fail_nomem(error, "pairs");
    out->count = count;
    return WP_OK;
}

static enum wp_status take_operands(struct wp_pairs *out, const struct wp_call_line *line,
                                    struct wp_error *error)
{
    size_t count = (size_t)line->operand_count;
    if (count == 0)
        return wp_fail(error, WP_USAGE, line->command->name,
                       "an image and a video are needed; to check one of them alone use --image FILE or "
                       "--video FILE");
    if (count % 2)
        return wp_fail(
            error, WP_USAGE, line->command->name,
            "'%s' has no video: images and videos are given in turn; to check one of them alone use "
            "--image FILE or --video FILE",
            line->operands[count - 1]);
    enum wp_status status = reserve(out, count / 2, error);
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = (struct wp_pair){line->operands[2 * i], line->operands[2 * i + 1]};
    return status;
}

static enum wp_status take_matrix(struct wp_pairs *out, const struct wp_text_list *images,
                                  const struct wp_text_list *videos, struct wp_error *error)
{
    size_t rows = images->count ? images->count : 1, columns = videos->count ? videos->count : 1;
    enum wp_status status = reserve(out, rows * columns, error);
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = (struct wp_pair){images->count ? images->items[i / columns] : NULL,
                                         videos->count ? videos->items[i % columns] : NULL};
    return status;
}

/* Tells of every bad row. They are never left out in silence: until the manifest is right nothing is done. */
static enum wp_status check_rows(const struct wp_manifest *manifest, const char *path,
                                 struct wp_console *console, struct wp_error *error)
{
    size_t bad = 0, count = wp_manifest_count(manifest);
    for (size_t i = 0; i < count; i++) {
        const struct wp_manifest_row *row = wp_manifest_row(manifest, i);
        if (row->problem && ++bad <= MAX_TOLD)
            wp_console_line(console, "%s:%zu: %s", path, row->line, row->problem);
    }
    if (bad == 0)
        return WP_OK;
    return wp_fail(error, WP_USAGE, "manifest",
                   "%zu of the %zu rows of '%s' %s of no use; nothing was checked", bad, count, path,
                   bad == 1 ? "is" : "are");
}

static enum wp_status take_manifest(struct wp_pairs *out, const char *path, struct wp_console *console,
                                    struct wp_error *error)
{
    enum wp_status status = wp_manifest_read(&out->manifest, path, error);
    if (status == WP_OK)
        status = check_rows(out->manifest, path, console, error);
    if (status == WP_OK)
        status = reserve(out, wp_manifest_count(out->manifest), error);
    for (size_t i = 0; i < out->count; i++) {
        const struct wp_manifest_row *row = wp_manifest_row(out->manifest, i);
        out->items[i] = (struct wp_pair){row->image, row->video};
    }
    /* Where nothing was checked there is no document, and that is so for usage errors only. */
    return status == WP_INPUT ? WP_USAGE : status;
}

enum wp_status wp_pairs_find(struct wp_pairs *out, const struct wp_pair_settings *settings,
                             const struct wp_call_line *line, struct wp_error *error)
{
    *out = (struct wp_pairs){0};
    bool named = settings->images.count > 0 || settings->videos.count > 0;
    if ((named || settings->manifest) && line->operand_count > 0)
        return wp_fail(error, WP_USAGE, line->command->name, "'%s' is one input too many beside %s",
                       line->operands[0], settings->manifest ? "--manifest" : "--image or --video");
    if (named && settings->manifest)
        return wp_fail(error, WP_USAGE, line->command->name, "either --manifest, or --image and --video");
    if (settings->manifest)
        return take_manifest(out, settings->manifest, line->console, error);
    return named ? take_matrix(out, &settings->images, &settings->videos, error)
                 : take_operands(out, line, error);
}

void wp_pairs_free(struct wp_pairs *pairs)
{
    wp_free(pairs->items);
    wp_manifest_free(pairs->manifest);
}
