#include "sandbox/video.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"

#include "base/banned.h"

enum { MAX_VIDEO = 256 << 20 };

/* Where the made video can be, seen from the program's own folder. */
static const char *const places[] = {"wanprep-sandbox.mp4", "../share/wanprep/wanprep-sandbox.mp4"};

static bool find_made(char *out, size_t size)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0)
        return false;
    program[len] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    slash[1] = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (wp_text_format(out, size, "%s%s", program, places[i]) && access(out, R_OK) == 0)
            return true;
    }
    return false;
}

enum wp_status sb_video_load(struct sb_video *video, const char *path, struct wp_error *error)
{
    char made[PATH_MAX];
    video->bytes = wp_buf_new(MAX_VIDEO);
    if (!path && !find_made(made, sizeof made))
        return wp_fail(error, WP_INPUT, "video",
                       "the built-in video '%s' was not found; name one with --video", places[0]);
    enum wp_status status = wp_file_read(&video->bytes, path ? path : made, error);
    if (status != WP_OK)
        return status;
    struct wp_sha256 *hash = wp_sha256_new();
    if (!hash)
        return wp_fail_nomem(error, "video");
    wp_sha256_add(hash, wp_buf_text(&video->bytes), video->bytes.len);
    wp_sha256_end(hash, video->sha256);
    wp_sha256_free(hash);
    (void)wp_text_format(video->etag, sizeof video->etag, "\"%.32s\"", video->sha256);
    return WP_OK;
}

void sb_video_free(struct sb_video *video)
{
    wp_buf_free(&video->bytes);
}
