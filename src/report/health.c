/* What an installation can do, as JSON: docs/doctor.schema.json. */
#include "base/buf.h"
#include "base/error.h"
#include "wanprep/reference.h"
#include "json/json.h"

#include "base/banned.h"

enum { CEILING = 1 << 20 };

enum wp_status wp_reference_health(char **out, size_t *length, const struct wp_health *items, size_t count,
                                   struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 2);
    wp_json_begin_object(&json, NULL);
    wp_json_put_text(&json, "schema", "wanprep.doctor/1");
    wp_json_put_text(&json, "version", wp_version());
    wp_json_begin_array(&json, "checks");
    for (size_t i = 0; i < count; i++) {
        wp_json_begin_object(&json, NULL);
        wp_json_put_text(&json, "check", items[i].check);
        if (items[i].path)
            wp_json_put_text(&json, "path", items[i].path);
        wp_json_put_bool(&json, "ok", items[i].ok);
        wp_json_put_text(&json, "detail", items[i].detail);
        wp_json_end_object(&json);
    }
    wp_json_end_array(&json);
    wp_json_end_object(&json);
    (void)wp_buf_add_text(&buf, "\n");
    *length = buf.len;
    *out = buf.failed ? NULL : wp_buf_take(&buf);
    wp_buf_free(&buf);
    return *out ? WP_OK : wp_fail_nomem(error, "reference");
}
