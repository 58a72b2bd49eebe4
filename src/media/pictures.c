#include "media/pictures.h"

#include "base/alloc.h"
#include "media/image_decode.h"
#include "media/reduce.h"

#include "base/banned.h"

static bool is_decodable(const struct wp_image_facts *facts)
{
    bool is_ours = facts->format == WP_FORMAT_JPEG || facts->format == WP_FORMAT_PNG ||
                   facts->format == WP_FORMAT_BMP || facts->format == WP_FORMAT_WEBP;
    return is_ours && facts->has_size && !facts->unreadable[0] && facts->bytes <= WP_IMAGE_LOAD_MAX &&
           facts->coded_width <= WP_IMAGE_DECODE_SIDE && facts->coded_height <= WP_IMAGE_DECODE_SIDE &&
           (facts->decode == WP_DECODE_OK || facts->decode == WP_DECODE_NOT_TRIED);
}

/* How often each side may be halved. */
static unsigned halvings(const struct wp_image_facts *facts, uint32_t detail)
{
    uint32_t longer = facts->coded_width > facts->coded_height ? facts->coded_width : facts->coded_height;
    unsigned count = 0;
    while (count < 3 && longer >> (count + 1) >= detail)
        count++;
    return count;
}

static void take_line(void *user, const struct wp_line *line)
{
    wp_reduce_line(user, line);
}

/* The loaded bytes to a picture to a small one. */
static enum wp_status make(struct wp_small_picture *out, struct wp_image *image,
                           const struct wp_picture_wish *wish)
{
    const struct wp_image_facts *facts = image->facts;
    const struct wp_display display = {facts->width, facts->height,
                                       facts->has_exif_orientation ? facts->exif_orientation : 1};
    struct wp_reduction reduction;
    enum wp_status status = wp_reduce_open(&reduction, &display, wish->side);
    const struct wp_lines lines = {
        .width = facts->coded_width,
        .height = facts->coded_height,
        .shrink = halvings(facts, wish->detail),
        .take = take_line,
        .user = &reduction,
    };
    enum wp_decoded decoded = status == WP_OK ? wp_image_lines(image, &lines) : WP_DECODED_NOMEM;
    if (decoded == WP_DECODED_NOMEM)
        status = WP_NOMEM;
    else if (decoded == WP_DECODED || decoded == WP_DECODED_DOUBTFUL)
        status = wp_reduce_end(out, &reduction, NULL);
    wp_reduce_close(&reduction);
    return status;
}

enum wp_status wp_pictures_image(const struct wp_image_facts *facts, const struct wp_reader *reader,
                                 const struct wp_picture_wish *wish, wp_picture_fn *take, void *user)
{
    if (!is_decodable(facts) || reader->size > WP_IMAGE_LOAD_MAX)
        return WP_OK;
    struct wp_image_bytes *bytes = wp_malloc(sizeof *bytes);
    if (!bytes)
        return WP_NOMEM;
    struct wp_image_facts again = {.format = facts->format};
    struct wp_image image = {bytes, &again, 0};
    struct wp_small_picture small = {0};
    enum wp_status status = WP_OK;
    wp_image_bytes_open(bytes, reader, NULL);
    if (wp_image_bytes_load(bytes) == WP_OK)
        wp_image_read_header(&image);
    if (bytes->status == WP_OK && is_decodable(&again))
        status = make(&small, &image, wish);
    else if (bytes->status == WP_NOMEM)
        status = WP_NOMEM;
    wp_image_bytes_close(bytes);
    wp_free(bytes);
    if (status == WP_OK && small.rgb)
        status = take(user, &small);
    wp_free(small.rgb);
    return status;
}

enum wp_status wp_picture_shrink(struct wp_small_picture *out, const struct wp_small_picture *picture,
                                 uint32_t side)
{
    const struct wp_display display = {picture->width, picture->height, 1};
    struct wp_reduction reduction;
    *out = (struct wp_small_picture){.time_s = picture->time_s};
    enum wp_status status = wp_reduce_open(&reduction, &display, side);
    for (uint32_t y = 0; status == WP_OK && y < picture->height; y++) {
        const struct wp_line line = {
            .y = y,
            .width = picture->width,
            .height = picture->height,
            .channels = 3,
            .bytes = 1,
            .samples = picture->rgb + (size_t)y * picture->width * 3,
        };
        wp_reduce_line(&reduction, &line);
    }
    if (status == WP_OK)
        status = wp_reduce_end(out, &reduction, NULL);
    wp_reduce_close(&reduction);
    return status;
}
