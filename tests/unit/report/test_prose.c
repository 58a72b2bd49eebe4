/* Every rule's sentence and fix, for pairs that break it. */
#include <math.h>
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

/* A video of which only what comes from the frame `good` on shows a face. */
static void show_late(struct pair *pair, uint32_t good)
{
    pair_init(pair);
    pair_look(pair);
    for (uint32_t i = 0; i < good; i++)
        pair->video_content.looks[i].face_count = 0;
}

static void a_video_begins_later_where_that_helps(void **state)
{
    (void)state;
    struct pair pair;
    show_late(&pair, 3);
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, ": ffmpeg -ss 2.7 -i 'dance.mp4' -c:v libx264");
    pair.video_content.looks[3].time_s = 2.7009; /* ffmpeg drops what lies before */
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss 2.7 ");
    pair.video_content.looks[3].time_s = 2.701;
    pair.video_content.looks[6].face_count = 0; /* a seventh of the rest, and not more than a third */
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss 2.701 ");
    pair.video_content.looks[7].face_count = pair.video_content.looks[8].face_count = 0;
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "use another video"); /* too little is left */
    pair.video.duration = (struct wp_rational){11, 1};
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss 8.1 ");
}

/* ffmpeg -ss counts from where the first stream begins. */
static void a_later_beginning_is_told_as_ffmpeg_counts(void **state)
{
    (void)state;
    struct pair pair;
    show_late(&pair, 3);
    pair.video.start_time = (struct wp_rational){2, 1};
    for (uint32_t i = 0; i < WP_MAX_LOOKS; i++)
        pair.video_content.looks[i].time_s += 2;
    pair.video.audio_streams = 1;
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss 4.7 ");
    pair.video.audio_streams = 0;
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss 2.7 ");
    show_late(&pair, WP_MAX_LOOKS - 1); /* what is left does not depend on where it starts */
    pair.video.start_time = (struct wp_rational){2, 1};
    pair.video.duration = (struct wp_rational){102, 10};
    for (uint32_t i = 0; i < WP_MAX_LOOKS; i++)
        pair.video_content.looks[i].time_s += 2;
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss ");
}

static void what_is_left_of_a_video_is_long_enough(void **state)
{
    (void)state;
    struct pair pair;
    show_late(&pair, WP_MAX_LOOKS - 1); /* the last is at 8.1 s */
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "use another video");
    pair.video.duration = (struct wp_rational){101, 10};
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "use another video");
    pair.video.duration = (struct wp_rational){102, 10};
    expect_fix(&pair, "video.no-face", WP_SUBJECT_VIDEO, "-ss 8.1 ");
}

static void images_are_cropped_to_one_face(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_look *look = &pair.image_content.looks[0];
    look->face_count = 2;
    look->faces[1] = look->faces[0];
    look->faces[1].x = 760;
    expect_fix(&pair, "image.several-faces", WP_SUBJECT_IMAGE,
               "-auto-orient -crop 760x1920+0+0 +repage 'person.");
    look->faces[1].x = 600; /* before the end of the other */
    expect_fix(&pair, "image.several-faces", WP_SUBJECT_IMAGE, "use another picture");
    look->faces[1].x = 760;
    look->maybe_count = 1; /* and nobody knows where */
    expect_fix(&pair, "image.several-faces", WP_SUBJECT_IMAGE, "use another picture");
    look->maybe_count = 0;
    look->face_count = WP_MAX_FACES + 1;
    expect_fix(&pair, "image.several-faces", WP_SUBJECT_IMAGE, "use another picture");
}

static void small_faces_come_closer(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_face *face = &pair.image_content.looks[0].faces[0];
    *face = (struct wp_face){.x = 480, .y = 300, .width = 120, .height = 120, .inside = 1};
    expect_fix(&pair, "image.face-too-small", WP_SUBJECT_IMAGE, "-crop 562x1000+259+60 +repage 'person");
    face = &pair.video_content.looks[0].faces[0];
    *face = (struct wp_face){.x = 300, .y = 200, .width = 60, .height = 60, .inside = 1};
    expect_fix(&pair, "video.face-too-small", WP_SUBJECT_VIDEO, "ffmpeg -i 'dance.mp4' -vf crop=280:500:");
    pair.video.sample_aspect_ratio = (struct wp_rational){4, 3};
    expect_fix(&pair, "video.face-too-small", WP_SUBJECT_VIDEO, "-vf scale=720:1280,setsar=1,crop=280:500:");
    pair.video_content.looks[5].faces[0].x = -100; /* no part of that size holds where the face goes */
    expect_fix(&pair, "video.face-too-small", WP_SUBJECT_VIDEO, "film it from nearer");
}

static void pictures_are_turned_by_quarters(void **state)
{
    (void)state;
    static const struct {
        double yaw, roll;
        const char *part;
    } rows[] = {
        {0, 90, "-auto-orient -rotate -90 "},
        {0, -88, "-auto-orient -rotate 90 "},
        {0, 170, "-auto-orient -rotate -180 "},
        {0, 40, "Use a picture"},
        {31, 90, "Use a picture"},
        {31, 0, "Use a picture"},
        {NAN, 90, "Use a picture"},
        {0, NAN, "Use a picture"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair_look(&pair);
        pair.image_content.looks[0].faces[0].yaw = rows[i].yaw;
        pair.image_content.looks[0].faces[0].roll = rows[i].roll;
        expect_fix(&pair, "image.face-turned", WP_SUBJECT_IMAGE, rows[i].part);
    }
}

static void dark_pictures_are_lightened_as_far_as_makes_sense(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    pair.image_content.looks[0].brightness = 0.216; /* 0.6 to the third */
    expect_fix(&pair, "image.too-dark", WP_SUBJECT_IMAGE, "-gamma 3 'person");
    pair.video_content.looks[0].brightness = 0.2;
    pair.video_content.looks[4].brightness = 0.216;
    expect_fix(&pair, "video.too-dark", WP_SUBJECT_VIDEO, "-vf eq=gamma=3.2 ");
    pair.image_content.looks[0].brightness = 0.12;
    expect_fix(&pair, "image.too-dark", WP_SUBJECT_IMAGE, "too little is left");
    pair.image_content.looks[0].brightness = NAN;
    expect_fix(&pair, "image.too-dark", WP_SUBJECT_IMAGE, "too little is left");
}

static void the_image_is_cropped_to_the_framing_of_the_video(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_face *face = &pair.image_content.looks[0].faces[0];
    pair.video_content.looks[0].faces[0].height = 0.4 * 1280;
    *face = (struct wp_face){.x = 480, .y = 400, .width = 200, .height = 192, .inside = 1};
    expect_fix(&pair, "pair.framing", WP_SUBJECT_PAIR, "-crop 268x478+446+352 +repage 'person");
    face->height = 0.9 * 1920;
    expect_fix(&pair, "pair.framing", WP_SUBJECT_PAIR, "use an image that shows as much");
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
        cmocka_unit_test(a_video_begins_later_where_that_helps),
        cmocka_unit_test(a_later_beginning_is_told_as_ffmpeg_counts),
        cmocka_unit_test(what_is_left_of_a_video_is_long_enough),
        cmocka_unit_test(images_are_cropped_to_one_face),
        cmocka_unit_test(small_faces_come_closer),
        cmocka_unit_test(pictures_are_turned_by_quarters),
        cmocka_unit_test(dark_pictures_are_lightened_as_far_as_makes_sense),
        cmocka_unit_test(the_image_is_cropped_to_the_framing_of_the_video),
        cmocka_unit_test(hostile_texts_do_not_get_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
