/* How a head is turned, by where its eyes and its nose are. */
#ifndef WP_CONTENT_POSE_H
#define WP_CONTENT_POSE_H

#include "content/blaze.h"

/** In degrees, as struct wp_face has them. */
struct wp_pose {
    double yaw, roll;
};

/** The points are numbers. NaN: eyes in one place tell nothing. */
struct wp_pose wp_pose_of(const struct wp_point points[WP_BLAZE_POINTS]);

#endif
