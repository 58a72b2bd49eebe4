#include "content/content.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"

#include "base/banned.h"

enum { MAX_MODEL = 1 << 20 }; /* bytes; the larger one has 0.6 million */

static enum wp_status find_module(const char *module, struct wp_error *error)
{
    struct stat info;
    if (!module)
        return wp_fail(error, WP_INPUT, "content", "no module of the face detector is known");
    int code = stat(module, &info) != 0 ? errno : S_ISREG(info.st_mode) ? 0 : EINVAL;
    if (code == 0 && access(module, R_OK) != 0)
        code = errno;
    if (code == ENOENT)
        return wp_fail(error, WP_INPUT, "content", "the face detector is not installed: there is no '%s'",
                       module);
    if (code != 0)
        return wp_fail(error, WP_INPUT, "content", "the face detector's module cannot be read at '%s': %s",
                       module, strerror(code));
    return WP_OK;
}

static enum wp_status find_model(struct wp_buf *out, const char *folder, const struct wp_content_model *model,
                                 struct wp_error *error)
{
    char path[PATH_MAX];
    *out = wp_buf_new(MAX_MODEL);
    if (!wp_text_format(path, sizeof path, "%s/%s", folder, model->file))
        return wp_fail(error, WP_INPUT, "content", "the path of the folder of models is too long: '%s'",
                       folder);
    struct wp_error reason;
    enum wp_status status = wp_file_read(out, path, &reason);
    if (status != WP_OK)
        return wp_fail(error, status, "content", "the model %s cannot be read: %s", model->name,
                       reason.message);
    wp_sha256_hex hash;
    struct wp_sha256 *running = wp_sha256_new();
    if (!running)
        return wp_fail_nomem(error, "content");
    wp_sha256_add(running, out->data, out->len);
    wp_sha256_end(running, hash);
    wp_sha256_free(running);
    if (strcmp(hash, model->sha256) != 0)
        return wp_fail(error, WP_INPUT, "content",
                       "'%s' is not the model %s: its SHA-256 is %s and should be %s", path, model->name,
                       hash, model->sha256);
    return WP_OK;
}

enum wp_status wp_content_find(struct wp_content_parts *out, const char *module, const char *folder,
                               struct wp_error *error)
{
    *out = (struct wp_content_parts){.module = module};
    size_t count = 0;
    const struct wp_content_model *models = wp_content_models(&count);
    enum wp_status status = find_module(module, error);
    if (status == WP_OK && !folder)
        status = wp_fail(error, WP_INPUT, "content", "no folder of the face detector's models is known");
    for (size_t i = 0; i < count && status == WP_OK; i++)
        status = find_model(&out->models[i], folder, &models[i], error);
    return status;
}

void wp_content_parts_free(struct wp_content_parts *parts)
{
    if (!parts)
        return;
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++)
        wp_buf_free(&parts->models[i]);
}
