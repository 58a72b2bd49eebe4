/* Every rule's sentence and fix, for pairs that break it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/prose.h"
#include "unit/report/preflights.h"
#include "unit/rules/spoil.h"

#include "base/banned.h"

static struct wp_preflight preflight;

/* What a template of the finding says; freed by the caller. */
static char *expand(wp_prose_fn *expand_fn, const struct wp_finding *finding)
{
    struct wp_buf out = wp_buf_new(1 << 16);
    expand_fn(&out, &preflight, finding);
    assert_int_equal(out.failed, WP_OK);
    return wp_buf_take(&out);
}

static void assert_sound(const char *id, const char *text)
{
    if (!text[0] || strpbrk(text, "{}") || strstr(text, "  ") || strstr(text, "()") ||
        wp_text_ends(text, ".."))
        fail_msg("%s: \"%s\"", id, text);
    for (const char *p = text; *p; p++)
        assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void every_rule_has_a_whole_sentence_and_a_fix(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPOILED_COUNT; i++) {
        struct pair pair;
        pair_init(&pair);
        spoiled_rows[i].spoil(&pair);
        preflight_of(&preflight, &pair);
        const struct wp_finding *finding = pair_find(&pair, spoiled_rows[i].id, spoiled_rows[i].subject);
        assert_non_null(finding);
        char *message = expand(wp_prose_message, finding), *fix = expand(wp_prose_fix, finding);
        assert_sound(finding->rule->id, message);
        assert_sound(finding->rule->id, fix);
        assert_true(wp_text_ends(message, "."));
        /* The sentence names the thing and the measured value. */
        bool is_video = finding->subject == WP_SUBJECT_VIDEO;
        if (finding->subject != WP_SUBJECT_PAIR)
            assert_non_null(strstr(message, is_video ? "dance" : "pers"));
        wp_free(message);
        wp_free(fix);
    }
}

static void expect_fix(struct pair *pair, const char *id, enum wp_subject subject, const char *part)
{
    preflight_of(&preflight, pair);
    const struct wp_finding *finding = pair_find(pair, id, subject);
    assert_non_null(finding);
    char *fix = expand(wp_prose_fix, finding);
    if (!strstr(fix, part))
        fail_msg("%s: \"%s\" lacks \"%s\"", id, fix, part);
    wp_free(fix);
}

static void fixes_carry_the_right_numbers(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.video.duration = (struct wp_rational){312, 10};
    expect_fix(&pair, "video.duration", WP_SUBJECT_VIDEO,
               "Cut it to 29.5 s: ffmpeg -i 'dance.mp4' -t 29.5 -c:v");
    pair.video.duration = (struct wp_rational){15, 10};
    expect_fix(&pair, "video.duration", WP_SUBJECT_VIDEO, "tpad=stop_mode=clone:stop_duration=0.7 ");
    pair.video.duration = (struct wp_rational){0, 1};
    expect_fix(&pair, "video.duration", WP_SUBJECT_VIDEO, "stop_duration=2.2 ");
    pair.video.width = 719;
    expect_fix(&pair, "video.duration", WP_SUBJECT_VIDEO, "stop_duration=2.2,scale=718:1280,setsar=1 ");
    pair.video.frame_rate = (struct wp_rational){120, 1};
    expect_fix(&pair, "video.frame-rate", WP_SUBJECT_VIDEO, "-vf fps=60,scale=718:1280,setsar=1 ");
    pair.video.frame_rate = (struct wp_rational){12, 1};
    expect_fix(&pair, "video.frame-rate", WP_SUBJECT_VIDEO, "-vf fps=15,");
    pair_init(&pair);
    pair.video.width = 3840;
    pair.video.height = 2160;
    expect_fix(&pair, "video.resolution", WP_SUBJECT_VIDEO, "-vf scale=2048:1152,setsar=1 ");
    pair.video.width = 2560;
    pair.video.height = 640;
    expect_fix(&pair, "video.aspect-ratio", WP_SUBJECT_VIDEO, "scale=2048:512,setsar=1,pad=2048:684:-1:-1 ");
    pair.image.width = 1200;
    pair.image.height = 300;
    expect_fix(&pair, "image.aspect-ratio", WP_SUBJECT_IMAGE,
               "convert 'person.jpg' -auto-orient -background black -gravity center -extent 1200x400 "
               "'person.fixed.jpg'");
    pair.image.bytes = 6000000;
    expect_fix(&pair, "image.size", WP_SUBJECT_IMAGE, "-define jpeg:extent=4750KB 'person.fixed.jpg'");
    pair.video.bytes = 300000000;
    expect_fix(&pair, "video.size", WP_SUBJECT_VIDEO, "-maxrate 144000k -bufsize 144000k ");
}

static void crops_keep_the_least_side(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.image.width = pair.image.height = 1600;
    expect_fix(&pair, "pair.aspect-ratio", WP_SUBJECT_PAIR,
               "-gravity center -crop 900x1600+0+0 +repage 'person");
    pair.image.width = pair.image.height = 250;
    expect_fix(&pair, "pair.aspect-ratio", WP_SUBJECT_PAIR, "-crop 140x250+0+0 +repage -resize '200x356!' ");
}

static void conversions_fit_what_was_found(void **state)
{
    (void)state;
    static const struct {
        enum wp_format format;
        const char *image, *video;
    } rows[] = {
        {WP_FORMAT_HEIF,
         "convert 'person.jpg' -delete 1--1 -auto-orient -resize '4096x4096>' -define jpeg:extent=4750KB "
         "'person.fixed.jpg'",
         "no command"},
        {WP_FORMAT_GIF, "convert 'person.jpg' -delete 1--1 ", "ffmpeg -i 'dance.mp4' -vf"},
        {WP_FORMAT_MATROSKA, "-frames:v 1 -update 1 -q:v 2 'person.fixed.jpg'", "-c:v libx264"},
        {WP_FORMAT_3GP, "-frames:v 1", "-map 0:v:0 -map '0:a?' -c copy -c:a aac 'dance.fixed.mp4'"},
        {WP_FORMAT_HTML, "no command", "no command"},
        {WP_FORMAT_MP3, "no command", "no command"},
        {WP_FORMAT_UNKNOWN, "no command", "no command"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.image.format = pair.video.format = rows[i].format;
        expect_fix(&pair, "image.format", WP_SUBJECT_IMAGE, rows[i].image);
        expect_fix(&pair, "video.format", WP_SUBJECT_VIDEO, rows[i].video);
    }
    struct pair pair;
    pair_init(&pair);
    pair.video.format = WP_FORMAT_3GP;
    wp_text_copy(pair.video.codec, sizeof pair.video.codec, "h263"); /* has no place in MP4 either */
    expect_fix(&pair, "video.format", WP_SUBJECT_VIDEO, "-c:v libx264");
}

static void renames_give_the_right_extension(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    source_set(&pair.image_source, WP_SOURCE_FILE, "-p.png");
    expect_fix(&pair, "image.extension", WP_SUBJECT_IMAGE, "mv -n './-p.png' './-p.jpg'");
    source_set(&pair.image_source, WP_SOURCE_HTTP, "https://h/p.png");
    expect_fix(&pair, "image.extension", WP_SUBJECT_IMAGE, "name that ends in .jpg");
    pair.video.format = WP_FORMAT_M4V;
    source_set(&pair.video_source, WP_SOURCE_FILE, "dance.m4v");
    expect_fix(&pair, "video.extension", WP_SUBJECT_VIDEO, "mv -n 'dance.m4v' 'dance.mp4'");
}

static void hostile_texts_do_not_get_through(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    source_set(&pair.image_source, WP_SOURCE_FILE, "x\033[31m\r\n.jpg");
    wp_text_copy(pair.image.unreadable, sizeof pair.image.unreadable, "bad \033]0;title\a\xff");
    wp_text_copy(pair.video.codec, sizeof pair.video.codec, "a\nb");
    preflight_of(&preflight, &pair);
    assert_true(pair.findings.count >= 2);
    for (size_t i = 0; i < pair.findings.count; i++) {
        char *message = expand(wp_prose_message, &pair.findings.items[i]);
        char *fix = expand(wp_prose_fix, &pair.findings.items[i]);
        assert_sound(pair.findings.items[i].rule->id, message);
        assert_sound(pair.findings.items[i].rule->id, fix);
        wp_free(message);
        wp_free(fix);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_a_whole_sentence_and_a_fix),
        cmocka_unit_test(fixes_carry_the_right_numbers),
        cmocka_unit_test(crops_keep_the_least_side),
        cmocka_unit_test(conversions_fit_what_was_found),
        cmocka_unit_test(renames_give_the_right_extension),
        cmocka_unit_test(hostile_texts_do_not_get_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
