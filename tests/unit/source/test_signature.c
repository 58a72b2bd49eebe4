/* Signed URLs of every form, against a fixed time. */
#include "unit/test.h"

#include "base/text.h"
#include "source/signature.h"

#define NOW INT64_C(1795600000) /* 2026-11-25T09:46:40Z */

static void forms(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        const char *form;
        bool has_expiry;
        int64_t left;
    } rows[] = {
        {"OSSAccessKeyId=a&Expires=1795603600&Signature=b", "OSS", true, 3600},
        {"Signature=b&Expires=1795599999&OSSAccessKeyId=a", "OSS", true, -1},
        {"Expires=1795600000&OSSAccessKeyId=a&Signature=b", "OSS", true, 0},
        {"x-oss-date=20261125T094640Z&x-oss-expires=60&x-oss-signature=b", "OSS", true, 60},
        {"X-Amz-Date=20261125T084640Z&X-Amz-Expires=3601&X-Amz-Signature=b", "S3", true, 1},
        {"X-Amz-Date=20261125T084640Z&X-Amz-Expires=3599&X-Amz-Signature=b", "S3", true, -1},
        {"x-amz-date=20261125T084640Z&x-amz-expires=3600&x-amz-signature=b", "S3", true, 0},
        {"AWSAccessKeyId=a&Expires=1795600010&Signature=b%2F", "S3", true, 10},
        {"X-Goog-Date=20261125T094640Z&X-Goog-Expires=604800&X-Goog-Signature=b", "GCS", true, 604800},
        {"GoogleAccessId=a&Expires=1795600010&Signature=b", "GCS", true, 10},
        {"Expires=1795600010&Signature=b&Key-Pair-Id=K", "CloudFront", true, 10},
        {"sv=2024-08-04&se=2026-11-25T09%3A46%3A50Z&sp=r&sig=b", "Azure", true, 10},
        {"se=2026-11-25T09:46:50Z&sig=b", "Azure", true, 10},
        {"se=2026-11-25T09%3a47Z&sig=b", "Azure", true, 20},
        {"se=2026-11-26&sig=b", "Azure", true, 51200},
        {"se=2026-11-25T09:46:50Z&sig=b#OSSAccessKeyId=a&Expires=1", "Azure", true, 10},
        /* signed, but the time cannot be told */
        {"OSSAccessKeyId=a&Expires=soon&Signature=b", "OSS", false, 0},
        {"OSSAccessKeyId=a&Expires=&Signature=b", "OSS", false, 0},
        {"OSSAccessKeyId=a&Expires=99999999999999999999&Signature=b", "OSS", false, 0},
        {"OSSAccessKeyId=a&Expires=-5&Signature=b", "OSS", false, 0},
        {"X-Amz-Expires=3600&X-Amz-Signature=b", "S3", false, 0},
        {"X-Amz-Date=20261125T094640Z&X-Amz-Signature=b", "S3", false, 0},
        {"X-Amz-Date=20261325T094640Z&X-Amz-Expires=1&X-Amz-Signature=b", "S3", false, 0},
        {"X-Amz-Date=20260230T094640Z&X-Amz-Expires=1&X-Amz-Signature=b", "S3", false, 0},
        {"X-Amz-Date=20261125T242640Z&X-Amz-Expires=1&X-Amz-Signature=b", "S3", false, 0},
        {"X-Amz-Date=20261125T094640&X-Amz-Expires=1&X-Amz-Signature=b", "S3", false, 0},
        {"X-Amz-Date=20261125T094640Zx&X-Amz-Expires=1&X-Amz-Signature=b", "S3", false, 0},
        {"se=2026-11-25T09%3A46&sig=b", "Azure", false, 0},
        {"se=%00&sig=b", "Azure", false, 0},
        /* not signed */
        {"", "", false, 0},
        {"Expires=1795600010", "", false, 0},
        {"sig=b", "", false, 0},
        {"xOSSAccessKeyId=a&Expires=1", "", false, 0},
        {"a=OSSAccessKeyId&Expires=1", "", false, 0},
        {"&&==&%&%4&%zz=%", "", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char url[256];
        assert_true(wp_text_format(url, sizeof url, "https://host.example/a.mp4?%s", rows[i].query));
        struct wp_delivery_facts facts = {.signature_form = "stale", .has_expiry = true};
        wp_signature_read(&facts, url, NOW * 1000);
        assert_string_equal(facts.signature_form, rows[i].form);
        if (facts.has_expiry != rows[i].has_expiry)
            fail_msg("%s", rows[i].query);
        if (facts.has_expiry)
            assert_int_equal(facts.expires_in_s, rows[i].left);
    }
}

static void parts_of_a_second_count_against_the_url(void **state)
{
    (void)state;
    struct wp_delivery_facts facts = {0};
    const char *url = "https://h.example/a?OSSAccessKeyId=a&Expires=1795600000&Signature=b";
    wp_signature_read(&facts, url, NOW * 1000 - 1);
    assert_int_equal(facts.expires_in_s, 0);
    wp_signature_read(&facts, url, NOW * 1000 + 1);
    assert_int_equal(facts.expires_in_s, -1);
    wp_signature_read(&facts, "https://h.example/a", NOW * 1000);
    assert_true(!facts.has_expiry && !facts.signature_form[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(parts_of_a_second_count_against_the_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
