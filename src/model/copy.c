#include <stddef.h>
#include <string.h>

#include "wanprep/preflight.h"

#include "base/banned.h"

static void copy_content(struct wp_content_facts *out, const struct wp_content_facts *in)
{
    memcpy(out, in, offsetof(struct wp_content_facts, looks) + in->look_count * sizeof in->looks[0]);
}

void wp_preflight_copy(struct wp_preflight *out, const struct wp_preflight *in)
{
    memcpy(out, in,
           offsetof(struct wp_preflight, findings.items) + in->findings.count * sizeof in->findings.items[0]);
    copy_content(&out->image_content, &in->image_content);
    copy_content(&out->video_content, &in->video_content);
}
