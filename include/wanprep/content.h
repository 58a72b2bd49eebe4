/*
 * What is seen in the pictures of a medium: faces, light and sharpness. Facts, never a verdict.
 *
 * Plain data with nothing in them to free. Lengths are in pixels of the picture as it is displayed, times in
 * seconds, angles in degrees.
 */
#ifndef WANPREP_CONTENT_H
#define WANPREP_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/facts.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The most faces that are told of one picture: the highest ones. */
#define WP_MAX_FACES 6
/** The most pictures of a medium that are looked at. */
#define WP_MAX_LOOKS 10

/** One face. */
struct wp_face {
    double x, y;          /**< upper left corner of its box, which may lie outside of the picture */
    double width, height; /**< of its box */
    double score;         /**< of both stages together, 0 to 2 */
    double inside;        /**< the share of the box that lies inside the picture, 0 to 1 */
    double yaw;  /**< turned to the side; positive: towards the right edge of the picture; -90 to 90; NaN: it
                    cannot be told */
    double roll; /**< tilted; positive: clockwise; -180 to 180; NaN: it cannot be told */
};

/** What was seen in one picture. */
struct wp_look {
    double time_s;          /**< presentation time of the frame; 0 for an image */
    uint32_t width, height; /**< of the picture */
    uint32_t face_count;  /**< faces that count: at least WP_FACE_COUNTS of the height of the highest one; may
                             be  more than are told */
    uint32_t maybe_count; /**< what might be a face and, if it is one, counts: the first stage saw it and the
                             second did not confirm it */
    double brightness;    /**< the 95th percentile of luma, 0 to 1 */
    double sharpness;     /**< a measure that falls with blur, 0 to 1; see docs/content.md */
    bool has_sharpness;   /**< false where there is too little to be told by: a flat picture */
    struct wp_face faces[WP_MAX_FACES]; /**< min(face_count, WP_MAX_FACES) of them, the highest first */
};

/** Faces that are less high than this share of the highest one do not count. */
#define WP_FACE_COUNTS 0.35

/*
 * What a picture should keep to. The service publishes words for it and no numbers: "a single person, facing
 * the camera, face fully visible, in moderate proportion".
 */
/** A face that is turned or tilted by more degrees is not seen from the front. */
#define WP_FACE_MOST_TURNED 30.0
/** The least share of a face's box inside the picture. */
#define WP_FACE_LEAST_INSIDE 0.88
/** The least and the most that a face's box may have of the picture's height. */
#define WP_FACE_LEAST_HEIGHT 0.08
#define WP_FACE_MOST_HEIGHT  0.70
/** A picture of less brightness is dark, and one of less sharpness is blurred: see docs/content.md. */
#define WP_LEAST_BRIGHTNESS 0.25
#define WP_LEAST_SHARPNESS  0.38
/** The most that the heights of the face in image and video, as shares of the picture's, may differ: a
 * factor. */
#define WP_MOST_FRAMING 2.0

/** Whether pictures are looked at, and how much what is seen counts. */
enum wp_content_mode {
    WP_CONTENT_OFF,
    WP_CONTENT_AUTO,  /**< warnings; that there is no detector is a note */
    WP_CONTENT_WARN,  /**< warnings; that there is no detector, too */
    WP_CONTENT_ERROR, /**< errors; that there is no detector, too */
};

/** What came of looking. */
enum wp_content_state {
    WP_CONTENT_NOT_ASKED,   /**< nobody wanted it, or the medium cannot be decoded and is rejected for that */
    WP_CONTENT_NO_DETECTOR, /**< the module or a model is not there, or is not what it should be */
    WP_CONTENT_FAILED,      /**< the detector is there, and looking failed */
    WP_CONTENT_LOOKED,      /**< looks has at least the image, or the first frame of the video */
};

/** What was seen in an image or a video. */
struct wp_content_facts {
    enum wp_content_state state;
    char reason[256]; /**< for people, where it is NO_DETECTOR or FAILED, or the looks ended early; else "" */
    uint32_t look_count;
    struct wp_look looks[WP_MAX_LOOKS]; /**< in the order of their times; of a video the first frame and some
                                           spread over the clip */
};

/**
 * Whether a medium shows what the service asks for. Of a video its first frame counts, and the rest where
 * more than a third of it differs. Unknown is never yes: also where no face was seen that could be turned, or
 * cut off.
 */
struct wp_content_answers {
    enum wp_tristate one_face;   /**< a face, and no other */
    enum wp_tristate facing;     /**< the highest face is seen from the front, and upright */
    enum wp_tristate whole;      /**< it is inside the picture */
    enum wp_tristate proportion; /**< it is neither too small nor too large */
    enum wp_tristate light;      /**< the picture is light enough */
    enum wp_tristate sharp;      /**< the picture is sharp enough */
};

/** How pictures are looked at. */
struct wp_content_options {
    enum wp_content_mode mode;
    const char *module; /**< path of wanprep-content.so; NULL: none is known. Borrowed. */
    const char *models; /**< the folder of the models; NULL: none is known. Borrowed. */
};

/** A model of the detector. */
struct wp_content_model {
    const char *name;   /**< "BlazeFace back 256x256" */
    const char *file;   /**< its name in a folder of models */
    const char *sha256; /**< 64 lower-case hex digits */
};

/** Answers by what was seen; all is unknown if facts->state is not WP_CONTENT_LOOKED. */
WP_API void wp_content_answer(struct wp_content_answers *out, const struct wp_content_facts *facts);

/** "off", "auto", "warn" or "error". Static storage. */
WP_API const char *wp_content_mode_name(enum wp_content_mode mode);

/** Reads such a name. False if text is none; *out is then untouched. */
WP_API bool wp_content_mode_parse(enum wp_content_mode *out, const char *text);

/** The models that are used, all of them always. Static storage. */
WP_API const struct wp_content_model *wp_content_models(size_t *count);

/**
 * Loads the detector into this process, whose OpenCV it silences and sets to one thread, has it look at a
 * grey picture, and unloads it. The mode is of no matter. Fails with WP_INPUT (one sentence says what is
 * missing or wrong) or WP_NOMEM.
 */
WP_API enum wp_status wp_content_try(const struct wp_content_options *options, struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
