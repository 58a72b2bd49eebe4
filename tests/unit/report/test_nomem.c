/* A report that memory runs out for at any point is no report, and nothing of it stays behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "unit/report/preflights.h"

#include "base/banned.h"

static size_t allowed, blocks;

static void *counted_realloc(void *memory, size_t size)
{
    if (allowed == 0)
        return NULL;
    allowed--;
    blocks += memory == NULL;
    return realloc(memory, size);
}

static void *counted_malloc(size_t size)
{
    return counted_realloc(NULL, size);
}

static void counted_free(void *memory)
{
    blocks -= memory != NULL;
    free(memory);
}

static void every_failed_allocation_is_told(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {counted_malloc, counted_realloc, counted_free};
    static struct wp_preflight preflight;
    const struct wp_report_options options = {.verbose = true};
    struct pair pair;
    pair_init(&pair);
    pair.image.bytes = 6000000;
    pair.video.duration = (struct wp_rational){40, 1};
    pair.video.video_streams = 2;
    pair_look(&pair);
    pair.image_content.looks[0].face_count = 2;
    pair.video_content.looks[0].brightness = 0.1;
    preflight_of(&preflight, &pair);
    wp_alloc_set_hooks(&hooks);
    for (enum wp_report_format format = WP_REPORT_TEXT; format <= WP_REPORT_GITHUB; format++) {
        enum wp_status status = WP_NOMEM;
        size_t failures = 0;
        for (size_t limit = 0; status != WP_OK; limit++) {
            char *document = NULL;
            size_t length = 0;
            struct wp_error error = {.status = WP_OK};
            allowed = limit;
            status = wp_report_write(&document, &length, &preflight, format, &options, &error);
            assert_int_equal(document != NULL, status == WP_OK);
            assert_true(status == WP_OK || (status == WP_NOMEM && error.status == WP_NOMEM));
            failures += status != WP_OK;
            wp_free(document);
            assert_int_equal(blocks, 0);
        }
        assert_true(failures > 2);
    }
    wp_alloc_set_hooks(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_failed_allocation_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
