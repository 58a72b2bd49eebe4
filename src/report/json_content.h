/* What was seen in a medium as a member of a JSON object. */
#ifndef WP_REPORT_JSON_CONTENT_H
#define WP_REPORT_JSON_CONTENT_H

#include "wanprep/content.h"
#include "wanprep/facts.h"
#include "json/json.h"

/** "content", an object; nothing if no look was asked for. */
void wp_json_content(struct wp_json_writer *writer, const struct wp_content_facts *facts,
                     const struct wp_source_facts *source);

#endif
