/* Limits profiles: what is taken, what is left as it was, and what is refused with the name of the member. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "profile/parse.h"

#include "base/banned.h"

#define IDENTITY                                                                                             \
    "\"schema\":\"wanprep.profile/1\",\"profile\":\"mine\",\"updated\":\"2026-01-02\",\"source\":\"me\""

static struct wp_profile profile;
static struct wp_error error;

static enum wp_status parse(const char *text)
{
    memset(&profile, 0, sizeof profile);
    struct wp_json *document = wp_json_parse(text, strlen(text));
    assert_non_null(document);
    enum wp_status status = wp_profile_parse(&profile, document, &error);
    wp_json_free(document);
    return status;
}

static void what_is_left_out_is_built_in(void **state)
{
    (void)state;
    const struct wp_limits *built_in = wp_limits_default();
    assert_int_equal(parse("{" IDENTITY ",\"video\":{\"max_duration\":60}}"), WP_OK);
    const struct wp_limits *limits = &profile.limits;
    assert_string_equal(limits->profile, "mine");
    assert_string_equal(limits->updated, "2026-01-02");
    assert_string_equal(limits->source, "me");
    assert_int_equal(limits->max_duration_s, 60);
    assert_int_equal(limits->min_duration_s, built_in->min_duration_s);
    assert_memory_equal(&limits->image, &built_in->image, sizeof limits->image);
    assert_memory_equal(&limits->video, &built_in->video, sizeof limits->video);
    assert_ptr_equal(limits->prices, built_in->prices);
    assert_int_equal(limits->price_count, built_in->price_count);
}

static void everything_can_be_set(void **state)
{
    (void)state;
    assert_int_equal(parse("{" IDENTITY
                           ",\"$schema\":\"x\",\"image\":{\"formats\":[\"PNG\",\"JPEG\"],\"min_side\":1,"
                           "\"max_side\":2,\"max_ratio\":4,\"max_bytes\":100,\"unsure_bytes\":90},"
                           "\"video\":{\"formats\":[\"AVI\"],\"min_side\":3,\"max_side\":3,\"max_ratio\":5,"
                           "\"max_bytes\":1125899906842624,\"min_duration\":1,\"max_duration\":86400,"
                           "\"min_frame_rate\":10,\"max_frame_rate\":10},"
                           "\"prices\":[{\"region\":\"intl\",\"mode\":\"wan-pro\",\"currency\":\"EUR\",\"per_"
                           "second\":0.1}]}"),
                     WP_OK);
    const struct wp_limits *limits = &profile.limits;
    assert_string_equal(limits->image.formats, "PNG, JPEG");
    assert_int_equal(limits->image.min_side, 1);
    assert_int_equal(limits->image.max_side, 2);
    assert_int_equal(limits->image.max_ratio, 4);
    assert_int_equal(limits->image.max_bytes, 100);
    assert_int_equal(limits->image.unsure_bytes, 90);
    assert_string_equal(limits->video.formats, "AVI");
    assert_int_equal(limits->video.min_side, 3);
    assert_int_equal(limits->video.max_ratio, 5);
    assert_true(limits->video.max_bytes == UINT64_C(1) << 50);
    assert_true(limits->video.unsure_bytes == limits->video.max_bytes + 1); /* nothing is unsure */
    assert_int_equal(limits->min_duration_s, 1);
    assert_int_equal(limits->max_duration_s, 86400);
    assert_int_equal(limits->min_frame_rate, 10);
    assert_int_equal(limits->max_frame_rate, 10);
    assert_int_equal(limits->price_count, 1);
    struct wp_cost cost;
    assert_true(wp_cost_estimate(&cost, limits, WP_REGION_INTERNATIONAL, WP_MODE_PRO, 10));
    assert_int_equal(cost.milli_total, 1000);
    assert_string_equal(cost.currency, "EUR");
    assert_false(wp_cost_estimate(&cost, limits, WP_REGION_CHINA, WP_MODE_PRO, 10));
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *named;
    } rows[] = {
        {"[]", "schema"},
        {"{}", "schema"},
        {"{\"schema\":\"wanprep.profile/2\"}", "schema"},
        {"{\"schema\":\"wanprep.profile/1\"}", "profile"},
        {"{\"schema\":\"wanprep.profile/1\",\"profile\":\"x\",\"updated\":\"2026-1-2\"}", "updated"},
        {"{\"schema\":\"wanprep.profile/1\",\"profile\":\"x\",\"updated\":\"2026-01-022\"}", "updated"},
        {"{\"schema\":\"wanprep.profile/1\",\"profile\":\"x\",\"updated\":\"2026-01-02\",\"source\":\"\"}",
         "source"},
        {"{" IDENTITY ",\"vidoe\":{}}", "vidoe"},
        {"{" IDENTITY ",\"video\":[]}", "video"},
        {"{" IDENTITY ",\"image\":null}", "image"},
        {"{" IDENTITY ",\"image\":{\"max_duration\":3}}", "max_duration"},
        {"{" IDENTITY ",\"video\":{\"max_duratoin\":3}}", "max_duratoin"},
        {"{" IDENTITY ",\"video\":{\"max_duration\":0}}", "video.max_duration"},
        {"{" IDENTITY ",\"video\":{\"max_duration\":86401}}", "video.max_duration"},
        {"{" IDENTITY ",\"video\":{\"max_duration\":2.5}}", "video.max_duration"},
        {"{" IDENTITY ",\"video\":{\"max_duration\":\"30\"}}", "video.max_duration"},
        {"{" IDENTITY ",\"video\":{\"max_duration\":1}}", "video.min_duration"},
        {"{" IDENTITY ",\"video\":{\"min_frame_rate\":61}}", "min_frame_rate"},
        {"{" IDENTITY ",\"image\":{\"min_side\":4097}}", "image.min_side"},
        {"{" IDENTITY ",\"image\":{\"unsure_bytes\":5242882}}", "image.unsure_bytes"},
        {"{" IDENTITY ",\"image\":{\"formats\":[]}}", "image.formats"},
        {"{" IDENTITY ",\"image\":{\"formats\":\"PNG\"}}", "image.formats"},
        {"{" IDENTITY ",\"image\":{\"formats\":[\"GIF\"]}}", "image.formats"},
        {"{" IDENTITY ",\"image\":{\"formats\":[\"\"]}}", "image.formats"},
        {"{" IDENTITY ",\"image\":{\"formats\":[\"JPEG, PNG\"]}}", "image.formats"},
        {"{" IDENTITY ",\"image\":{\"formats\":[\"PNG\",\"PNG\"]}}", "image.formats"},
        {"{" IDENTITY ",\"prices\":{}}", "prices"},
        {"{" IDENTITY ",\"prices\":[1]}", "prices[0]"},
        {"{" IDENTITY ",\"prices\":[{\"amount\":1}]}", "amount"},
        {"{" IDENTITY ",\"prices\":[{}]}", "prices[0].region"},
        {"{" IDENTITY ",\"prices\":[{\"region\":\"cn\"}]}", "prices[0].mode"},
        {"{" IDENTITY ",\"prices\":[{\"region\":\"cn\",\"mode\":\"wan-std\",\"currency\":\"cny\"}]}",
         "prices[0].currency"},
        {"{" IDENTITY ",\"prices\":[{\"region\":\"cn\",\"mode\":\"wan-std\",\"currency\":\"CNY\"}]}",
         "prices[0].per_second"},
        {"{" IDENTITY
         ",\"prices\":[{\"region\":\"cn\",\"mode\":\"wan-std\",\"currency\":\"CNY\",\"per_second\":0.0005}]}",
         "prices[0].per_second"},
        {"{" IDENTITY
         ",\"prices\":[{\"region\":\"cn\",\"mode\":\"wan-std\",\"currency\":\"CNY\",\"per_second\":1},"
         "{\"region\":\"cn\",\"mode\":\"wan-std\",\"currency\":\"CNY\",\"per_second\":2}]}",
         "prices[1]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        memset(&error, 0, sizeof error);
        if (parse(rows[i].text) != WP_USAGE || !strstr(error.message, rows[i].named))
            fail_msg("%s: %s", rows[i].text, error.message);
    }
}

/* Writes a file in an empty folder of its own, reads it as a profile, and removes both. */
static enum wp_status read_text(struct wp_profile **out, const char *text)
{
    char folder[] = "/tmp/wanprep-profile-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/p.json", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    enum wp_status status = wp_profile_read(out, path, &error);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    return status;
}

static void files(void **state)
{
    (void)state;
    struct wp_profile *read = NULL;
    assert_int_equal(read_text(&read, "{" IDENTITY "}"), WP_OK);
    assert_string_equal(wp_profile_limits(read)->profile, "mine");
    wp_profile_free(read);
    wp_profile_free(NULL);
    assert_int_equal(read_text(&read, "{" IDENTITY), WP_USAGE);
    assert_non_null(strstr(error.message, "p.json"));
    assert_int_equal(read_text(&read, "{" IDENTITY ",\"prices\":7}"), WP_USAGE);
    assert_non_null(strstr(error.message, "p.json"));
    assert_int_equal(wp_profile_read(&read, "/nonexistent/p.json", &error), WP_INPUT);
    assert_int_equal(wp_profile_read(&read, "/dev/zero", &error), WP_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_built_in),
        cmocka_unit_test(everything_can_be_set),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
