#include "content/pose.h"

#include <math.h>

#include "base/banned.h"

/* How far the tip of a nose stands out in front of the line of the eyes, in distances between the eyes. */
#define NOSE 0.6

static double degrees(double radians)
{
    return radians * (180 / 3.14159265358979323846);
}

struct wp_pose wp_pose_of(const struct wp_point points[WP_BLAZE_POINTS])
{
    struct wp_point right = points[WP_RIGHT_EYE], left = points[WP_LEFT_EYE], nose = points[WP_NOSE];
    double x = (double)left.x - right.x, y = (double)left.y - right.y; /* the axis of the eyes */
    double distance = hypot(x, y);
    if (distance == 0)
        return (struct wp_pose){NAN, NAN};
    double from_x = nose.x - ((double)left.x + right.x) / 2, from_y = nose.y - ((double)left.y + right.y) / 2;
    double offset = (from_x * x + from_y * y) / distance;
    return (struct wp_pose){.yaw = degrees(atan(offset / distance / NOSE)), .roll = degrees(atan2(y, x))};
}
