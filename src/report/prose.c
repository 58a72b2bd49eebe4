#include "report/prose.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "report/variable.h"

#include "base/banned.h"

/* Appends " (value)", or nothing if the value is empty. */
static bool add_parenthesised(struct wp_buf *out, const struct wp_prose *prose, const char *name, size_t len)
{
    size_t before = out->len;
    (void)wp_buf_add_text(out, " (");
    size_t begin = out->len;
    bool known = wp_variable_add(out, prose, name, len);
    if (out->len > begin)
        (void)wp_buf_add_text(out, ")");
    else if (!out->failed)
        out->len = before, out->data[before] = '\0';
    return known;
}

static void expand(struct wp_buf *out, const struct wp_prose *prose, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        (void)wp_buf_add(out, text, plain);
        text += plain;
        if (!*text)
            return;
        size_t len = strcspn(++text, "}");
        bool known = text[0] == '(' ? add_parenthesised(out, prose, text + 1, len - 2)
                                    : wp_variable_add(out, prose, text, len);
        assert(known && text[len] == '}'); /* templates are ours; a test expands them all */
        (void)known;
        text += len + 1;
    }
}

static struct wp_prose prose_of(const struct wp_preflight *preflight, const struct wp_finding *finding)
{
    bool is_video = finding->subject == WP_SUBJECT_VIDEO;
    return (struct wp_prose){.preflight = preflight,
                             .finding = finding,
                             .source = is_video ? &preflight->video_source : &preflight->image_source,
                             .is_video = is_video};
}

void wp_prose_message(struct wp_buf *out, const struct wp_preflight *preflight,
                      const struct wp_finding *finding)
{
    const struct wp_prose prose = prose_of(preflight, finding);
    expand(out, &prose, finding->rule->message);
}

size_t wp_prose_command(const char *fix)
{
    static const char *const beginnings[] = {"ffmpeg ", "convert ", "mv ", "ls ", "ffprobe ", "http"};
    const char *colon = strstr(fix, ": ");
    for (size_t i = 0; colon && i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (wp_text_starts(colon + 2, beginnings[i]))
            return (size_t)(colon + 2 - fix);
    }
    return strlen(fix);
}

void wp_prose_fix(struct wp_buf *out, const struct wp_preflight *preflight, const struct wp_finding *finding)
{
    const struct wp_prose prose = prose_of(preflight, finding);
    struct wp_buf text = wp_buf_new(out->ceiling);
    expand(&text, &prose, finding->rule->fix);
    const char *command = wp_buf_text(&text) + wp_prose_command(wp_buf_text(&text));
    bool reads_a_file = command[0] && !wp_text_starts(command, "http") && !wp_text_starts(command, "curl");
    if (prose.source->kind != WP_SOURCE_FILE && reads_a_file)
        (void)wp_buf_add_text(out, "Download it first. ");
    (void)wp_buf_add(out, wp_buf_text(&text), text.len);
    if (text.failed)
        out->failed = text.failed;
    wp_buf_free(&text);
}
