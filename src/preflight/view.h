/* What a viewer's child does: decodes pictures of one medium, looks for faces in them, and makes small ones.
 */
#ifndef WP_PREFLIGHT_VIEW_H
#define WP_PREFLIGHT_VIEW_H

#include <stdbool.h>

#include "content/content.h"
#include "jail/jail.h"
#include "wanprep/content.h"
#include "wanprep/facts.h"

/** What is looked at, and for what. */
struct wp_view {
    bool images, videos;                  /**< which media there are */
    const struct wp_content_parts *parts; /**< borrowed; NULL: no faces are looked for */
    struct wp_content *content;           /**< opened of them, by who looks: a child, or this process */
    char reason[256];                     /**< why there is none, though there are parts; else "" */
};

/** What is to be done: the request of a task. Its facts are a struct wp_content_facts, its blob is of small
 * pictures (media/thumbnail.h); either may be missing. */
struct wp_view_request {
    bool is_image;
    bool looks; /**< for faces */
    union {
        struct wp_image_facts image;
        struct wp_video_facts video;
    };
};

/** Opens the detector of a view, if it has parts of one; view->reason says why there is none. */
void wp_view_open(struct wp_view *view);

/** For struct wp_jail_work, whose user is the view: the same in a process that will not be able to load
 * anything later. */
void wp_view_prepare(void *user);

/** For struct wp_jail_work: runs one task. WP_OK, or WP_NOMEM. */
enum wp_status wp_view_run(const struct wp_jail_task *task, void *user, struct wp_error *error);

/** Nothing was seen, and why. */
void wp_view_miss(struct wp_content_facts *facts, enum wp_content_state state, const char *reason);

#endif
