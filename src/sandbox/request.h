/* One request as the handlers see it: no HTTP library in sight. */
#ifndef WP_SANDBOX_REQUEST_H
#define WP_SANDBOX_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "sandbox/form.h"

/** What is asked for. Those before SB_ENDPOINTS are the service's own: counted, limited and faulty on
 * request. */
enum sb_endpoint {
    SB_CREATE,
    SB_QUERY,
    SB_LIST,
    SB_CANCEL,
    SB_POLICY,
    SB_UPLOAD,
    SB_DOWNLOAD,
    SB_ENDPOINTS,
    SB_BOOKS = SB_ENDPOINTS,
    SB_LIFT, /**< no faults any more */
    SB_NOWHERE,
};

enum {
    SB_MAX_JSON = 1 << 20,          /**< bytes of a JSON body */
    SB_MAX_FILE_MB = 200,           /**< what a policy allows, in units of 2^20 bytes */
    SB_MAX_FORM_OVERHEAD = 1 << 16, /**< bytes of a form beside its file */
    SB_UUID_SIZE = 37,
};

struct MHD_Connection;

struct sb_request {
    enum sb_endpoint endpoint;
    char method[12];
    char *target; /**< as it came: path and query, byte for byte; owned */
    char path[512];
    char id[SB_UUID_SIZE];  /**< the request_id of its answer */
    const char *fails_with; /**< a fault: the code with which the task that is made fails. Borrowed */
    uint64_t number;        /**< the how-manieth request at this endpoint, from 1 */
    int64_t now_ms;         /**< monotonic, read once */
    int64_t wall_ms;        /**< since the epoch, at the same instant */
    struct wp_buf body;     /**< all endpoints but SB_UPLOAD */
    struct sb_form *form;   /**< SB_UPLOAD only; owned */
    struct MHD_Connection *connection;
};

/** The value of a header, or of a query parameter (decoded); NULL if there is none. Borrowed. */
const char *sb_request_header(const struct sb_request *request, const char *name);
const char *sb_request_argument(const struct sb_request *request, const char *name);

/** Calls visit for each header in the order they came. */
void sb_request_each_header(const struct sb_request *request,
                            void (*visit)(void *user, const char *name, const char *value), void *user);

/** The part of the target behind the first '?'; "" if there is none. */
const char *sb_request_query(const struct sb_request *request);

/** Whether the endpoint belongs to the object storage, which speaks XML and takes no key. */
bool sb_endpoint_is_storage(enum sb_endpoint endpoint);

/** "create", … as in fault rules and in the books. Static storage. */
const char *sb_endpoint_name(enum sb_endpoint endpoint);

/** Fills out with a random UUID (RFC 4122, version 4). */
void sb_uuid(char out[SB_UUID_SIZE]);

#endif
