/* Facts as members of a JSON object. What is not known is not there. */
#ifndef WP_REPORT_JSON_FACTS_H
#define WP_REPORT_JSON_FACTS_H

#include "wanprep/facts.h"
#include "json/json.h"

void wp_json_facts_image(struct wp_json_writer *writer, const struct wp_image_facts *facts);
void wp_json_facts_video(struct wp_json_writer *writer, const struct wp_video_facts *facts);

/** The members of a URL's delivery. */
void wp_json_facts_delivery(struct wp_json_writer *writer, const struct wp_delivery_facts *facts);

#endif
