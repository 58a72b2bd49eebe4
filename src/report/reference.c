/* The catalogue, the error codes and the limits as JSON: docs/explain.schema.json, docs/profile.schema.json.
 */
#include "wanprep/reference.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"
#include "wanprep/client.h"
#include "json/json.h"

#include "base/banned.h"

enum { CEILING = 4 << 20 };

static void put_known(struct wp_json_writer *json, const char *name, const char *text)
{
    if (text[0])
        wp_json_put_text(json, name, text);
}

static enum wp_status put_rule(struct wp_json_writer *json, const struct wp_rule *rule,
                               struct wp_error *error)
{
    char *fix = NULL;
    enum wp_status status = wp_reference_fix(&fix, rule, error);
    if (status != WP_OK)
        return status;
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "rule", rule->id);
    wp_json_put_text(json, "subject", wp_subject_name(rule->subject));
    wp_json_put_text(json, "level", wp_level_name(rule->level));
    wp_json_put_bool(json, "fixed", wp_rule_is_fixed(rule));
    wp_json_put_bool(json, "content", rule->is_content);
    wp_json_put_text(json, "title", rule->title);
    put_known(json, "fact", rule->fact);
    put_known(json, "limit", rule->limit);
    wp_json_put_text(json, "limit_source", wp_limit_source_text(rule->source));
    put_known(json, "unit", rule->unit);
    put_known(json, "predicts", rule->predicts);
    wp_json_put_text(json, "why", rule->why);
    put_known(json, "fix", fix);
    wp_json_end_object(json);
    wp_free(fix);
    return WP_OK;
}

/* Puts the rules that are asked for; *count says how many. */
static enum wp_status put_rules(struct wp_json_writer *json, const struct wp_rule *rule, const char *code,
                                size_t *put, struct wp_error *error)
{
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    enum wp_status status = WP_OK;
    wp_json_begin_array(json, "rules");
    for (size_t i = 0; i < count && status == WP_OK; i++) {
        bool wanted = rule ? rule == &rules[i] : !code || wp_rule_predicts(&rules[i], code);
        if (!wanted)
            continue;
        status = put_rule(json, &rules[i], error);
        ++*put;
    }
    wp_json_end_array(json);
    return status;
}

/* Puts what the catalogue has of a code. False: nothing. */
static bool put_code(struct wp_json_writer *json, const char *code)
{
    struct wp_service_code known;
    wp_json_begin_object(json, "code");
    wp_json_put_text(json, "code", code);
    bool found = wp_service_code_find(&known, code);
    if (found) {
        wp_json_put_text(json, "meaning", known.meaning);
        wp_json_put_text(json, "advice", known.advice);
        wp_json_put_bool(json, "retry", known.retry);
    }
    wp_json_end_object(json);
    return found;
}

/* Hands the document over. */
static enum wp_status finish(char **out, size_t *length, struct wp_buf *buf, struct wp_error *error)
{
    (void)wp_buf_add_text(buf, "\n");
    size_t len = buf->len;
    char *document = buf->failed ? NULL : wp_buf_take(buf);
    if (!document)
        return wp_fail_nomem(error, "reference");
    *out = document;
    *length = len;
    return WP_OK;
}

enum wp_status wp_reference_explain(char **out, size_t *length, const struct wp_rule *rule, const char *code,
                                    struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 2);
    const struct wp_limits *limits = wp_limits_default();
    size_t count = 0;
    bool known = true;
    wp_json_begin_object(&json, NULL);
    wp_json_put_text(&json, "schema", "wanprep.explain/1");
    wp_json_put_text(&json, "profile", limits->profile);
    wp_json_put_text(&json, "updated", limits->updated);
    wp_json_put_text(&json, "source", limits->source);
    if (code)
        known = put_code(&json, code);
    enum wp_status status = put_rules(&json, rule, code, &count, error);
    wp_json_end_object(&json);
    if (status == WP_OK && !known && count == 0)
        status = wp_fail(error, WP_USAGE, "reference", "the error code '%s' is not known", code);
    if (status == WP_OK)
        status = finish(out, length, &buf, error);
    wp_buf_free(&buf);
    return status;
}

/* Puts a list of words as an array. */
static void put_words(struct wp_json_writer *json, const char *name, const char *words)
{
    wp_json_begin_array(json, name);
    while (*words) {
        char word[16];
        size_t len = strcspn(words, ",");
        (void)wp_text_format(word, sizeof word, "%.*s", (int)len, words);
        wp_json_put_text(json, NULL, word);
        words += len;
        words += strspn(words, ", ");
    }
    wp_json_end_array(json);
}

/* Leaves the object open for more members. */
static void begin_medium(struct wp_json_writer *json, const char *name, const struct wp_medium_limits *limits)
{
    wp_json_begin_object(json, name);
    put_words(json, "formats", limits->formats);
    wp_json_put_integer(json, "min_side", limits->min_side);
    wp_json_put_integer(json, "max_side", limits->max_side);
    wp_json_put_integer(json, "max_ratio", limits->max_ratio);
    wp_json_put_integer(json, "max_bytes", (int64_t)limits->max_bytes);
    wp_json_put_integer(json, "unsure_bytes", (int64_t)limits->unsure_bytes);
}

static void put_price(struct wp_json_writer *json, const struct wp_price *price)
{
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "region", wp_region_name(price->region));
    wp_json_put_text(json, "mode", wp_mode_name(price->mode));
    wp_json_put_text(json, "currency", price->currency);
    wp_json_put_number(json, "per_second", price->milli_per_s / 1000.0);
    wp_json_end_object(json);
}

enum wp_status wp_reference_limits(char **out, size_t *length, const struct wp_limits *limits,
                                   struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 2);
    wp_json_begin_object(&json, NULL);
    wp_json_put_text(&json, "schema", "wanprep.profile/1");
    wp_json_put_text(&json, "profile", limits->profile);
    wp_json_put_text(&json, "updated", limits->updated);
    wp_json_put_text(&json, "source", limits->source);
    begin_medium(&json, "image", &limits->image);
    wp_json_end_object(&json);
    begin_medium(&json, "video", &limits->video);
    wp_json_put_integer(&json, "min_duration", limits->min_duration_s);
    wp_json_put_integer(&json, "max_duration", limits->max_duration_s);
    wp_json_put_integer(&json, "min_frame_rate", limits->min_frame_rate);
    wp_json_put_integer(&json, "max_frame_rate", limits->max_frame_rate);
    wp_json_end_object(&json);
    wp_json_begin_array(&json, "prices");
    for (size_t i = 0; i < limits->price_count; i++)
        put_price(&json, &limits->prices[i]);
    wp_json_end_array(&json);
    wp_json_end_object(&json);
    enum wp_status status = finish(out, length, &buf, error);
    wp_buf_free(&buf);
    return status;
}
