/* Manifests: RFC 4180 with its corners, JSON Lines, and rows that are of no use. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "manifest/rows.h"

#include "base/banned.h"

static struct wp_error error;

/* The bytes lie in a block of just their size, so that ASan sees a read behind them. */
static enum wp_status parse_bytes(struct wp_manifest **out, const char *bytes, size_t len, const char *folder)
{
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    memset(&error, 0, sizeof error);
    enum wp_status status = wp_manifest_parse(out, copy, len, folder, &error);
    free(copy);
    return status;
}

static struct wp_manifest *parse(const char *text)
{
    struct wp_manifest *manifest = NULL;
    if (parse_bytes(&manifest, text, strlen(text), "") != WP_OK)
        fail_msg("%s: %s", text, error.message);
    return manifest;
}

static void expect_row(const struct wp_manifest *manifest, size_t index, size_t line, const char *image,
                       const char *video)
{
    assert_true(index < wp_manifest_count(manifest));
    const struct wp_manifest_row *row = wp_manifest_row(manifest, index);
    if (row->problem)
        fail_msg("line %zu: %s", row->line, row->problem);
    assert_int_equal(row->line, line);
    assert_int_equal(row->image == NULL, image == NULL);
    assert_int_equal(row->video == NULL, video == NULL);
    if (image)
        assert_string_equal(row->image, image);
    if (video)
        assert_string_equal(row->video, video);
}

static void a_plain_table(void **state)
{
    (void)state;
    struct wp_manifest *manifest = parse("image,video\na.jpg,a.mp4\nb.jpg,b.mp4\n");
    assert_int_equal(wp_manifest_count(manifest), 2);
    expect_row(manifest, 0, 2, "a.jpg", "a.mp4");
    expect_row(manifest, 1, 3, "b.jpg", "b.mp4");
    wp_manifest_free(manifest);
    wp_manifest_free(NULL);
}

/* The same two rows, written in every way that is allowed. */
static void ways_to_write_it(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "image,video\r\na.jpg,a.mp4\r\nb.jpg,b.mp4\r\n",
        "image,video\na.jpg,a.mp4\nb.jpg,b.mp4",
        "\xef\xbb\xbfimage,video\r\na.jpg,a.mp4\r\nb.jpg,b.mp4",
        "\"image\",\"video\"\r\n\"a.jpg\",\"a.mp4\"\n\"b.jpg\",b.mp4\n",
        " Image ,\tVIDEO\na.jpg,a.mp4\nb.jpg,b.mp4\n",
        "video,note,image\na.mp4,\"one, two\",a.jpg\nb.mp4,,b.jpg\n",
        "\n\r\nimage,video\n\na.jpg,a.mp4\n,\n\r\nb.jpg,b.mp4\n,\n\n",
        "{\"image\":\"a.jpg\",\"video\":\"a.mp4\"}\n{\"video\":\"b.mp4\",\"image\":\"b.jpg\",\"note\":[1]}\n",
        "\xef\xbb\xbf  \n{\"image\":\"a.jpg\",\"video\":\"a.mp4\",\"mode\":null}\r\n \t\r\n"
        "{\"image\":\"b.jpg\",\"video\":\"b.mp4\",\"watermark\":null}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct wp_manifest *manifest = parse(texts[i]);
        assert_int_equal(wp_manifest_count(manifest), 2);
        assert_string_equal(wp_manifest_row(manifest, 0)->image, "a.jpg");
        assert_string_equal(wp_manifest_row(manifest, 0)->video, "a.mp4");
        assert_string_equal(wp_manifest_row(manifest, 1)->image, "b.jpg");
        assert_string_equal(wp_manifest_row(manifest, 1)->video, "b.mp4");
        wp_manifest_free(manifest);
    }
}

static void quotes_commas_and_line_breaks_within_a_field(void **state)
{
    (void)state;
    struct wp_manifest *manifest =
        parse("image,video\n\"a,b.jpg\",\"say \"\"hi\"\".mp4\"\n\"two\r\nlines\n.jpg\",c.mp4\n\"\"\"\",x\n  "
              "y ,z\rq\n");
    expect_row(manifest, 0, 2, "a,b.jpg", "say \"hi\".mp4");
    expect_row(manifest, 1, 3, "two\r\nlines\n.jpg", "c.mp4");
    expect_row(manifest, 2, 6, "\"", "x");
    expect_row(manifest, 3, 7, "  y ", "z\rq"); /* spaces are part of a field (RFC 4180 2.4) */
    wp_manifest_free(manifest);
}

static void options_of_a_row(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "image,video,mode,watermark,check_image\na,b,wan-pro,true,FALSE\na,b,,,\na,,wan-std,False,True\n,b,,,"
        "\n",
        "{\"image\":\"a\",\"video\":\"b\",\"mode\":\"wan-pro\",\"watermark\":true,\"check_image\":false}\n"
        "{\"image\":\"a\",\"video\":\"b\"}\n"
        "{\"image\":\"a\",\"mode\":\"wan-std\",\"watermark\":false,\"check_image\":true}\n{\"video\":\"b\"}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct wp_manifest *manifest = parse(texts[i]);
        const struct wp_manifest_row *row = wp_manifest_row(manifest, 0);
        assert_true(row->has_mode && row->mode == WP_MODE_PRO);
        assert_true(row->has_watermark && row->watermark && row->has_check_image && !row->check_image);
        row = wp_manifest_row(manifest, 1);
        assert_true(!row->has_mode && !row->has_watermark && !row->has_check_image);
        row = wp_manifest_row(manifest, 2);
        assert_true(row->has_mode && row->mode == WP_MODE_STD);
        assert_true(row->has_watermark && !row->watermark && row->has_check_image && row->check_image);
        assert_true(row->image && !row->video);
        row = wp_manifest_row(manifest, 3);
        assert_true(!row->image && row->video);
        wp_manifest_free(manifest);
    }
}

static void relative_paths_are_those_of_the_folder(void **state)
{
    (void)state;
    static const struct {
        const char *written, *read;
    } rows[] = {
        {"a.jpg", "sets/one/a.jpg"},         {"../a.jpg", "sets/one/../a.jpg"},
        {"/tmp/a.jpg", "/tmp/a.jpg"},        {"https://h/a.jpg", "https://h/a.jpg"},
        {"OSS://b/a.jpg", "OSS://b/a.jpg"},  {"x+y.z-1://a", "x+y.z-1://a"},
        {"1a://b", "sets/one/1a://b"},       {"c://b", "sets/one/c://b"}, /* one letter is no scheme */
        {"C:\\a.jpg", "sets/one/C:\\a.jpg"}, {"://a", "sets/one/://a"},
        {"-a.jpg", "sets/one/-a.jpg"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];
        struct wp_manifest *manifest = NULL;
        (void)snprintf(text, sizeof text, "video,image\n%s,\n", rows[i].written);
        assert_int_equal(parse_bytes(&manifest, text, strlen(text), "sets/one/"), WP_OK);
        expect_row(manifest, 0, 2, NULL, rows[i].read);
        wp_manifest_free(manifest);
    }
}

/* Each text has a bad row, at this line, and behind it a good one, so that reading went on. */
static void bad_rows_are_told_and_the_next_one_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *named;
        size_t line;
    } rows[] = {
        {"image,video\na.jpg\nx,y\n", "1 field where the header has 2", 2},
        {"image,video\na,b,c\nx,y\n", "3 fields", 2},
        {"image,video,note\n,,text\nx,y,\n", "neither", 2},
        {"image,video\na\"b,c\nx,y\n", "quote", 2},
        {"image,video\n\"a\"b,c\nx,y\n", "quote", 2},
        {"image,video\n\"a\" ,c\nx,y\n", "quote", 2},
        {"image,video\n\"a\nb\"c,d\nx,y\n", "quote", 2},
        {"image,video,mode\na,b,wan-max\nx,y,\n", "wan-max", 2},
        {"image,video,mode\na,b,WAN-STD\nx,y,\n", "mode", 2},
        {"image,video,watermark\na,b,yes\nx,y,\n", "watermark", 2},
        {"image,check_image\na,1\nx,\n", "check_image", 2},
        {"{\"image\":\"a\"\n{\"image\":\"x\"}\n", "JSON", 1},
        {"{\"image\":\"a\"}{\"image\":\"b\"}\n{\"image\":\"x\"}\n", "JSON", 1},
        {"{\"note\":1}\n{\"image\":\"x\"}\n", "neither", 1},
        {"{\"image\":\"\"}\n{\"image\":\"x\"}\n", "neither", 1},
        {"{\"image\":7}\n{\"image\":\"x\"}\n", "image", 1},
        {"{\"image\":\"a\",\"video\":[]}\n{\"image\":\"x\"}\n", "video", 1},
        {"{\"image\":\"a\",\"mode\":1}\n{\"image\":\"x\"}\n", "mode", 1},
        {"{\"image\":\"a\",\"mode\":\"pro\"}\n{\"image\":\"x\"}\n", "pro", 1},
        {"{\"image\":\"a\",\"watermark\":\"true\"}\n{\"image\":\"x\"}\n", "watermark", 1},
        {"{\"image\":\"a\",\"check_image\":0}\n{\"image\":\"x\"}\n", "check_image", 1},
        {"{\"image\":\"a\\u0000b\"}\n{\"image\":\"x\"}\n", "JSON", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_manifest *manifest = parse(rows[i].text);
        size_t count = wp_manifest_count(manifest);
        const struct wp_manifest_row *row = wp_manifest_row(manifest, 0);
        if (count != 2 || !row->problem || !strstr(row->problem, rows[i].named) || row->line != rows[i].line)
            fail_msg("%s: %zu rows, the first: %s", rows[i].text, count, row->problem);
        assert_string_equal(wp_manifest_row(manifest, 1)->image, "x");
        assert_null(wp_manifest_row(manifest, 1)->problem);
        wp_manifest_free(manifest);
    }
}

/* What could be the video under another name is not left unread, nor what is all but a known name. */
static void names_that_may_stand_for_a_known_one(void **state)
{
    (void)state;
    static const struct {
        const char *header, *odd, *meant; /* NULL: it is taken */
    } rows[] = {
        {"image,movie", "movie", "video"},
        {"Picture,video", "Picture", "image"},
        {"image,movie,status", "movie", "video"},
        {"image,video,movie", NULL, NULL},
        {"image,status,task_id,message", NULL, NULL},
        {"image,,", NULL, NULL},
        {"image,video,watermrk", "watermrk", "watermark"},
        {"image,video,Check-Image", "Check-Image", "check_image"},
        {"image,video,mdoe", "mdoe", "mode"},
        {"image,video,modes", "modes", "mode"},
        {"image,vide,video", "vide", "video"},
        {"image,video,mdeo", NULL, NULL},
        {"image,video,note,code,mood,made up", NULL, NULL},
        {"image,video,\033[31mmode", NULL, NULL},
        {"image,\033[31mred", "?[31mred", "video"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_manifest *manifest = NULL;
        char text[128], empty[64];
        memset(empty, ',', sizeof empty);
        size_t fields = 0;
        for (const char *p = rows[i].header; *p; p++)
            fields += *p == ',';
        (void)snprintf(text, sizeof text, "%s\na.jpg%.*s\n", rows[i].header, (int)fields, empty);
        enum wp_status status = parse_bytes(&manifest, text, strlen(text), "");
        if (rows[i].odd && (status != WP_USAGE || !strstr(error.message, rows[i].odd) ||
                            !strstr(error.message, rows[i].meant)))
            fail_msg("%s: %d %s", rows[i].header, (int)status, error.message);
        if (!rows[i].odd && status != WP_OK)
            fail_msg("%s: %d %s", rows[i].header, (int)status, error.message);
        wp_manifest_free(manifest);
    }
}

static void members_that_may_stand_for_a_known_one(void **state)
{
    (void)state;
    static const struct {
        const char *text, *odd; /* NULL: it is taken */
    } rows[] = {
        {"{\"image\":\"a\",\"movie\":\"b\"}", "movie"},
        {"{\"image\":\"a\",\"movie\":\"b\",\"video\":null}", NULL},
        {"{\"image\":\"a\",\"movie\":\"b\",\"video\":\"c\"}", NULL},
        {"{\"image\":\"a\",\"status\":\"OK\",\"message\":\"\"}", NULL},
        {"{\"image\":\"a\",\"Video\":\"b\"}", "Video"},
        {"{\"image\":\"a\",\"video\":\"b\",\"water_mark\":true}", "water_mark"},
        {"{\"image\":\"a\",\"video\":\"b\",\"id\":1,\"tags\":[]}", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_manifest *manifest = parse(rows[i].text);
        const char *problem = wp_manifest_row(manifest, 0)->problem;
        if (rows[i].odd ? !problem || !strstr(problem, rows[i].odd) : problem != NULL)
            fail_msg("%s: %s", rows[i].text, problem ? problem : "taken");
        wp_manifest_free(manifest);
    }
}

static void control_bytes_of_a_bad_value_are_not_passed_on(void **state)
{
    (void)state;
    struct wp_manifest *manifest = parse("image,mode\na,\"\033[31mred\n\"\n");
    const char *problem = wp_manifest_row(manifest, 0)->problem;
    assert_non_null(problem);
    for (const char *p = problem; *p; p++)
        assert_true((unsigned char)*p >= 0x20);
    wp_manifest_free(manifest);
}

static void a_nul_or_an_open_quote_or_a_monster_is_a_bad_row(void **state)
{
    (void)state;
    struct wp_manifest *manifest = NULL;
    static const char nul[] = "image,video\na\0b,c\nx,y\n";
    assert_int_equal(parse_bytes(&manifest, nul, sizeof nul - 1, ""), WP_OK);
    assert_non_null(wp_manifest_row(manifest, 0)->problem);
    assert_null(wp_manifest_row(manifest, 1)->problem);
    wp_manifest_free(manifest);

    manifest = parse("image,video\na,b\n\"open,c\nx,y\n"); /* what it swallows, it swallows as a problem */
    assert_int_equal(wp_manifest_count(manifest), 2);
    assert_non_null(wp_manifest_row(manifest, 1)->problem);
    wp_manifest_free(manifest);

    const size_t huge = 100000;
    char *text = malloc(huge + 64);
    assert_non_null(text);
    memcpy(text, "image\n", 6);
    memset(text + 6, 'x', huge);
    memcpy(text + 6 + huge, "\ny\n", 3);
    assert_int_equal(parse_bytes(&manifest, text, 6 + huge + 3, ""), WP_OK);
    free(text);
    assert_non_null(wp_manifest_row(manifest, 0)->problem);
    expect_row(manifest, 1, 3, "y", NULL);
    wp_manifest_free(manifest);

    manifest = parse(
        "image,video,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,"
        "34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63\n"
        "a,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
        "a,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
    assert_null(wp_manifest_row(manifest, 0)->problem);
    assert_non_null(wp_manifest_row(manifest, 1)->problem);
    wp_manifest_free(manifest);
}

static void what_is_no_manifest(void **state)
{
    (void)state;
    static const struct {
        const char *text, *named;
    } rows[] = {
        {"", "empty"},
        {"\xef\xbb\xbf", "empty"},
        {"\n\r\n,,\n", "empty"},
        {"image,video\n", "no rows"},
        {"image,video\n\n,\n", "no rows"},
        {"a.jpg,a.mp4\nb.jpg,b.mp4\n", "image"},
        {"image;video\na.jpg;a.mp4\n", "commas"},
        {"image\tvideo\na.jpg\ta.mp4\n", "commas"},
        {"images,videos\na,b\n", "image"},
        {"image,video,image\na,b,c\n", "two columns 'image'"},
        {"image,\"video\na,b\n", "header"},
        {"[{\"image\":\"a\"}]", "array"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_manifest *manifest = NULL;
        enum wp_status status = parse_bytes(&manifest, rows[i].text, strlen(rows[i].text), "");
        if (status != WP_USAGE || !strstr(error.message, rows[i].named))
            fail_msg("%s: %d %s", rows[i].text, (int)status, error.message);
        assert_null(manifest);
    }
}

static void no_more_than_a_million_rows(void **state)
{
    (void)state;
    const size_t most = 1000000;
    char *text = malloc(6 + 2 * (most + 1));
    struct wp_manifest *manifest = NULL;
    assert_non_null(text);
    memcpy(text, "image\n", 6);
    for (size_t i = 0; i <= most; i++)
        memcpy(text + 6 + 2 * i, "a\n", 2);
    assert_int_equal(wp_manifest_parse(&manifest, text, 6 + 2 * most, "", &error), WP_OK);
    assert_int_equal(wp_manifest_count(manifest), most);
    assert_int_equal(wp_manifest_row(manifest, most - 1)->line, most + 1);
    wp_manifest_free(manifest);
    assert_int_equal(wp_manifest_parse(&manifest, text, 6 + 2 * (most + 1), "", &error), WP_USAGE);
    assert_non_null(strstr(error.message, "1000000"));
    free(text);
}

static void files(void **state)
{
    (void)state;
    char folder[] = "/tmp/wanprep-manifest-XXXXXX", path[64], image[64];
    struct wp_manifest *manifest = NULL;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/m.csv", folder);
    (void)snprintf(image, sizeof image, "%s/a.jpg", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("image\na.jpg\n", file) >= 0 && fclose(file) == 0);
    assert_int_equal(wp_manifest_read(&manifest, path, &error), WP_OK);
    expect_row(manifest, 0, 2, image, NULL);
    wp_manifest_free(manifest);
    file = fopen(path, "w");
    assert_true(file && fclose(file) == 0);
    assert_int_equal(wp_manifest_read(&manifest, path, &error), WP_USAGE);
    assert_non_null(strstr(error.message, path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(wp_manifest_read(&manifest, path, &error), WP_INPUT);
    assert_int_equal(wp_manifest_read(&manifest, folder, &error), WP_INPUT);
    assert_int_equal(rmdir(folder), 0);
}

/* Whatever is cut off or changed, it ends, stays within its bytes, and no row is both fine and empty. */
static void spoilt_texts_are_survived(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\xef\xbb\xbfimage,\"video\",mode,watermark\r\n\"a "
        "\"\"b\"\"\r\n.jpg\",c.mp4,wan-pro,true\r\n,d.mp4,,false\n",
        "{\"image\":\"a.jpg\",\"video\":\"b.mp4\",\"mode\":\"wan-std\"}\n{\"video\":\"c\",\"check_image\":"
        "true}\n",
    };
    static const char spoils[] = {'\0', '"', ',', '\n', '\r', '{', '[', '\\', (char)0xff};
    for (size_t i = 0; i < COUNT(texts); i++) {
        char text[256];
        size_t len = strlen(texts[i]);
        for (size_t at = 0; at < len * (1 + sizeof spoils); at++) {
            bool cut = at < len;
            memcpy(text, texts[i], len);
            if (!cut)
                text[at % len] = spoils[at / len - 1];
            struct wp_manifest *manifest = NULL;
            enum wp_status status = parse_bytes(&manifest, text, cut ? at : len, "f/");
            assert_true(status == WP_OK || status == WP_USAGE);
            for (size_t k = 0; status == WP_OK && k < wp_manifest_count(manifest); k++) {
                const struct wp_manifest_row *row = wp_manifest_row(manifest, k);
                assert_true(row->problem || row->image || row->video);
            }
            wp_manifest_free(manifest);
        }
    }
}

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
    static const char text[] = "image,video\na,b\nc\nd,e\n";
    enum wp_status status = WP_NOMEM;
    size_t failures = 0;
    wp_alloc_set_hooks(&hooks);
    for (size_t limit = 0; status != WP_OK; limit++) {
        struct wp_manifest *manifest = NULL;
        allowed = limit;
        status = wp_manifest_parse(&manifest, text, sizeof text - 1, "f/", &error);
        assert_true(status == WP_OK ? manifest != NULL : status == WP_NOMEM && !manifest);
        failures += status != WP_OK;
        wp_manifest_free(manifest);
        assert_int_equal(blocks, 0);
    }
    assert_true(failures >= 3);
    wp_alloc_set_hooks(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_table),
        cmocka_unit_test(ways_to_write_it),
        cmocka_unit_test(quotes_commas_and_line_breaks_within_a_field),
        cmocka_unit_test(options_of_a_row),
        cmocka_unit_test(relative_paths_are_those_of_the_folder),
        cmocka_unit_test(bad_rows_are_told_and_the_next_one_is_read),
        cmocka_unit_test(names_that_may_stand_for_a_known_one),
        cmocka_unit_test(members_that_may_stand_for_a_known_one),
        cmocka_unit_test(control_bytes_of_a_bad_value_are_not_passed_on),
        cmocka_unit_test(a_nul_or_an_open_quote_or_a_monster_is_a_bad_row),
        cmocka_unit_test(what_is_no_manifest),
        cmocka_unit_test(no_more_than_a_million_rows),
        cmocka_unit_test(files),
        cmocka_unit_test(spoilt_texts_are_survived),
        cmocka_unit_test(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
