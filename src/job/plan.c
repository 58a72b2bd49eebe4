#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "job/input.h"
#include "job/job.h"
#include "job/key.h"

#include "base/banned.h"

bool wp_job_is_local(const char *location)
{
    static const char *const schemes[] = {"http://", "https://", "oss://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strncasecmp(location, schemes[i], strlen(schemes[i])) == 0)
            return false;
    }
    return true;
}

bool wp_record_has_inputs(const struct wp_job_record *record)
{
    return record->image[0] != '\0';
}

bool wp_job_locate(char location[2048], const char *given)
{
    char absolute[PATH_MAX];
    if (!wp_job_is_local(given))
        return wp_text_copy(location, 2048, given);
    return realpath(given, absolute) && wp_text_copy(location, 2048, absolute);
}

/* Where an input is, what it is, and for a URL what will be sent. */
static enum wp_status plan_input(char location[2048], char url[2048], wp_sha256_hex hash, const char *given,
                                 const struct wp_client *client, struct wp_error *error)
{
    if (wp_job_is_local(given)) {
        enum wp_status status = wp_input_hash(hash, given, client, error);
        if (status != WP_OK)
            return status;
        if (!wp_job_locate(location, given)) /* it was just read, so it is there */
            return wp_fail(error, WP_INPUT, "input",
                           "the full path of '%.400s' is too long (over 2047 bytes)", given);
        return WP_OK;
    }
    if (!wp_job_locate(location, given) || !wp_text_copy(url, 2048, given))
        return wp_fail(error, WP_INPUT, "input", "the URL '%.400s…' is longer than 2047 bytes", given);
    return wp_sha256_text(hash, given, error);
}

enum wp_status wp_job_plan(struct wp_job_record *record, const struct wp_job_request *request,
                           const struct wp_client *client, struct wp_error *error)
{
    memset(record, 0, sizeof *record);
    if (!request->image || !request->video)
        return wp_fail(error, WP_USAGE, "job", "a job needs an image and a video");
    record->mode = request->mode;
    record->watermark = request->watermark;
    record->check_image = request->check_image;
    record->has_predicted_seconds = request->has_predicted_seconds;
    record->predicted_seconds = request->predicted_seconds;
    (void)wp_text_copy(record->base_url, sizeof record->base_url, client->endpoint.base_url);
    enum wp_status status =
        plan_input(record->image, record->image_url, record->image_sha256, request->image, client, error);
    if (status == WP_OK)
        status =
            plan_input(record->video, record->video_url, record->video_sha256, request->video, client, error);
    if (status != WP_OK)
        return status;
    struct wp_key_parts parts = {
        .image = {record->image_sha256, !wp_job_is_local(record->image)},
        .video = {record->video_sha256, !wp_job_is_local(record->video)},
        .mode = record->mode,
        .watermark = record->watermark,
        .check_image = record->check_image,
        .base_url = record->base_url,
    };
    return wp_job_key(record->key, &parts, error);
}
