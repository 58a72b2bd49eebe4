/*
 * The faces of photos, and of pictures without any: reads what pictures.sh writes. Every count is right, of
 * copies as of the photos; and one face is turned as much in a copy, to the other side in a mirrored one.
 *
 * With -v it says what it saw.
 */
#include "unit/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "content/content.h"

#define MAX_SIDE 1280
#define NAME     64
#define DEGREES  8 /* what the angle of a copy may differ by */

static struct wp_content *content;
static bool verbose;

static int set_up(void **state)
{
    (void)state;
    struct wp_content_parts parts;
    struct wp_error error;
    if (wp_content_find(&parts, WP_MODULE, WP_MODELS, &error) != WP_OK ||
        wp_content_open(&content, &parts, &error) != WP_OK)
        fail_msg("%s", error.message);
    wp_content_parts_free(&parts);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wp_content_close(content);
    return 0;
}

/* The next picture, or false at the end; freed with free((void *)out->rgb). */
static bool read_picture(struct wp_picture *out, unsigned *faces, char name[NAME])
{
    char line[NAME + 16];
    assert_non_null(fgets(line, sizeof line, stdin));
    if (strcmp(line, "end\n") == 0)
        return false;
    char *space = NULL;
    *faces = (unsigned)strtoul(line, &space, 10);
    assert_true(*space == ' ');
    line[strcspn(line, "\n")] = '\0';
    snprintf(name, NAME, "%s", space + 1);
    assert_non_null(fgets(line, sizeof line, stdin));
    assert_string_equal(line, "P6\n");
    assert_non_null(fgets(line, sizeof line, stdin));
    out->width = (uint32_t)strtoul(line, &space, 10);
    out->height = (uint32_t)strtoul(space, NULL, 10);
    assert_in_range(out->width, 1, MAX_SIDE);
    assert_in_range(out->height, 1, MAX_SIDE);
    assert_non_null(fgets(line, sizeof line, stdin));
    assert_string_equal(line, "255\n");
    size_t size = (size_t)out->width * out->height * 3;
    uint8_t *rgb = malloc(size);
    assert_non_null(rgb);
    assert_int_equal(fread(rgb, 1, size, stdin), size);
    out->rgb = rgb;
    return true;
}

static void tell(const char *name, unsigned faces, const struct wp_look *look)
{
    printf("%-20s %u faces, %u seen, %u maybe; light %.2f, sharp %.2f%s\n", name, faces, look->face_count,
           look->maybe_count, look->brightness, look->sharpness, look->has_sharpness ? "" : " (unknown)");
    for (size_t i = 0; i < look->face_count && i < WP_MAX_FACES; i++) {
        const struct wp_face *face = &look->faces[i];
        printf("    %4.0f,%4.0f %4.0fx%4.0f score %.2f inside %.2f yaw %3.0f roll %3.0f\n", face->x, face->y,
               face->width, face->height, face->score, face->inside, face->yaw, face->roll);
    }
}

/* Counts that are sure: nothing else may be a face. */
static bool is_right(const struct wp_look *look, unsigned faces)
{
    return look->face_count == faces && (faces > 1 || look->maybe_count == 0);
}

/* Whether the only face of a copy, which comes behind the picture itself, is turned as there. */
static bool is_turned_the_same(const struct wp_look *look, const char *name, double *yaw)
{
    const char *copy = strstr(name, "-one-");
    if (!copy)
        *yaw = look->faces[0].yaw;
    double expected = strstr(name, "-mirrored") ? -*yaw : *yaw;
    return fabs(look->faces[0].yaw - expected) <= DEGREES;
}

static void test_what_is_seen_is_right(void **state)
{
    (void)state;
    struct wp_picture picture;
    struct wp_error error;
    struct wp_look look;
    char name[NAME];
    double yaw = 0;
    unsigned faces, pictures[3] = {0}, wrong = 0; /* without a face, with one, with more */
    while (read_picture(&picture, &faces, name)) {
        enum wp_status status =
            wp_content_look(content, &look, &picture, picture.width, picture.height, &error);
        assert_int_equal(status, WP_OK);
        bool right = is_right(&look, faces) && (faces != 1 || is_turned_the_same(&look, name, &yaw));
        if (verbose || !right)
            tell(name, faces, &look);
        wrong += !right;
        pictures[faces > 1 ? 2 : faces]++;
        free((void *)(uintptr_t)picture.rgb);
    }
    assert_int_equal(wrong, 0);
    assert_true(pictures[0] > 0 && pictures[1] > 0 && pictures[2] > 0);
}

int main(int argc, char **argv)
{
    verbose = argc == 2 && strcmp(argv[1], "-v") == 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_seen_is_right)};
    return cmocka_run_group_tests_name("content.photos", tests, set_up, tear_down);
}
