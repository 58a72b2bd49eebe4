/* What measuring a movie and measuring an AVI have in common. Seen inside media/ only. */
#ifndef WP_MEDIA_VIDEO_COMMON_H
#define WP_MEDIA_VIDEO_COMMON_H

#include "media/demux.h"
#include "wanprep/facts.h"

/**
 * A demuxer holds up to 70 bytes for each sample of the index. This many are 2 hours at 60 frames a second,
 * within the bound on memory that a hostile file may cost.
 */
#define WP_MAX_INDEX_ENTRIES ((uint64_t)1 << 19)

/** Titles, chapters, camera settings: real files have a hundred or two. */
#define WP_MAX_METADATA_ITEMS 10000

enum wp_tristate wp_tristate_of(bool value);

/** The same fraction in lowest terms. den > 0. */
struct wp_rational wp_rational_reduced(int64_t num, int64_t den);

/** Says why there is no readable video; the first reason stays. */
void wp_video_unreadable(struct wp_video_facts *facts, const char *why);

/** Says which bound keeps the video from being measured. */
void wp_video_refuse(struct wp_video_facts *facts, const char *why);

/** The file's structure promises bytes up to end: is the file complete? */
void wp_video_set_end(struct wp_video_facts *facts, uint64_t end);

/** Says why demux is not open; damage is the sentence for a damaged header. */
void wp_video_explain_open(struct wp_video_facts *facts, const struct wp_demux *demux, const char *damage);

/** The last step: decodes as depth asks for, unless that makes no sense. demux->video is not NULL. WP_OK or
 * WP_NOMEM. */
enum wp_status wp_video_finish(struct wp_video_facts *facts, struct wp_demux *demux, enum wp_depth depth);

#endif
