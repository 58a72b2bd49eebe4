#include "media/jpeg_write.h"

#include "base/alloc.h"

/* A JPEG is written through the callback alone; what else would allocate is compiled out of the program. */
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_MALLOC(size)          wp_malloc(size)
#define STBIW_REALLOC(memory, size) wp_realloc(memory, size)
#define STBIW_FREE(memory)          wp_free(memory)
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image_write.h>

#include "base/banned.h"

/* Of 100: small pictures in a report are looked at from afar. */
#define QUALITY 70

static void take(void *user, void *bytes, int len)
{
    (void)wp_buf_add(user, bytes, (size_t)len);
}

void wp_jpeg_write(struct wp_buf *out, const uint8_t *rgb, uint32_t width, uint32_t height)
{
    (void)stbi_write_jpg_to_func(take, out, (int)width, (int)height, 3, rgb, QUALITY);
}
