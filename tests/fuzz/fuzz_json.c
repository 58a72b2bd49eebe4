/* JSON: whatever is parsed can be printed, and reads back as the same. */
#include "fuzz/fuzz.h"
#include "json/json.h"

#include "base/banned.h"

enum { CEILING = 64 << 20 };

/* Every getter on every value that can be reached by index or by one of some names. */
static void walk(const struct wp_json *value, int depth)
{
    static const char *const names[] = {"", "a", "output", "task_id", "data"};
    double number = 0;
    int64_t integer = 0;
    bool truth = false;
    MUST(depth <= WP_JSON_MAX_DEPTH);
    MUST(!(wp_json_is_array(value) && wp_json_is_object(value)));
    (void)wp_json_as_text(value);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = wp_json_text(value, names[i]);
        MUST(!text || !wp_json_number(value, names[i], &number));
        if (wp_json_integer(value, names[i], &integer))
            MUST(wp_json_number(value, names[i], &number) && (double)integer == number);
        MUST(!wp_json_bool(value, names[i], &truth) || !text);
        const struct wp_json *member = wp_json_member(value, names[i]);
        if (member)
            walk(member, depth + 1);
    }
    size_t count = wp_json_is_array(value) ? wp_json_count(value) : 0;
    for (size_t i = 0; i < count && i < 64; i++)
        walk(wp_json_at(value, i), depth + 1);
    MUST(!wp_json_at(value, count));
}

static struct wp_buf print(const struct wp_json *value)
{
    struct wp_buf out = wp_buf_new(CEILING);
    MUST(wp_json_print(value, &out));
    MUST(out.len == strlen(wp_buf_text(&out)));
    return out;
}

/* The writer takes what the parser gave, in people's form, and that reads back too. */
static void check_writer(const struct wp_json *value, const char *printed)
{
    struct wp_buf out = wp_buf_new(CEILING);
    struct wp_json_writer writer = wp_json_writer_new(&out, 2);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_value(&writer, "value", value);
    wp_json_put_text(&writer, "text", printed);
    wp_json_end_object(&writer);
    MUST(out.failed == WP_OK);
    struct wp_json *back = wp_json_parse(out.data, out.len);
    if (back) { /* a document at the bounds does not fit into another */
        const char *text = wp_json_text(back, "text");
        MUST(text != NULL && text[0] != '\0');
        struct wp_buf again = print(wp_json_member(back, "value"));
        MUST(strcmp(wp_buf_text(&again), printed) == 0);
        wp_buf_free(&again);
    }
    wp_json_free(back);
    wp_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wp_json *value = wp_json_parse((const char *)data, size);
    if (!value)
        return 0;
    walk(value, 0);
    struct wp_buf printed = print(value);
    struct wp_json *again = wp_json_parse(printed.data, printed.len);
    MUST(again != NULL);
    struct wp_buf reprinted = print(again);
    MUST(strcmp(wp_buf_text(&printed), wp_buf_text(&reprinted)) == 0);
    check_writer(value, wp_buf_text(&printed));
    wp_buf_free(&reprinted);
    wp_json_free(again);
    wp_buf_free(&printed);
    wp_json_free(value);
    return 0;
}
