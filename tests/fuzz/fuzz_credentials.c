/* The files that a key is read from: as a file of its own, and as INI. The first byte says as which. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "wanprep/client.h"

#include "base/banned.h"

/* A home folder whose credentials lead to a file in memory. Made once; it ends with the process. */
struct home {
    char path[64], ini[128], file[64];
    int fd;
};

static struct home home;

static void remove_home(void)
{
    char folder[128];
    (void)unlink(home.ini);
    MUST(wp_text_format(folder, sizeof folder, "%s/.alibabacloud", home.path));
    (void)rmdir(folder);
    (void)rmdir(home.path);
}

static void make_home(void)
{
    char folder[128];
    home.fd = memfd_create("credentials", 0);
    MUST(home.fd >= 0);
    MUST(wp_text_format(home.file, sizeof home.file, "/proc/self/fd/%d", home.fd));
    MUST(wp_text_copy(home.path, sizeof home.path, "/tmp/wanprep-fuzz-XXXXXX") && mkdtemp(home.path));
    MUST(wp_text_format(folder, sizeof folder, "%s/.alibabacloud", home.path) && mkdir(folder, 0700) == 0);
    MUST(wp_text_format(home.ini, sizeof home.ini, "%s/credentials", folder));
    MUST(symlink(home.file, home.ini) == 0);
    MUST(atexit(remove_home) == 0);
}

static const char *get(void *user, const char *name)
{
    const bool *as_ini = user;
    if (strcmp(name, "HOME") == 0)
        return *as_ini ? home.path : NULL;
    if (strcmp(name, "DASHSCOPE_API_KEY_FILE_PATH") == 0)
        return *as_ini ? NULL : home.file;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (!home.path[0])
        make_home();
    bool as_ini = data[0] % 2;
    MUST(ftruncate(home.fd, 0) == 0);
    MUST(pwrite(home.fd, data + 1, size - 1, 0) == (ssize_t)(size - 1));
    struct wp_credentials credentials;
    struct wp_error error;
    memset(&credentials, 0xa5, sizeof credentials);
    enum wp_status status = wp_credentials_find(&credentials, get, &as_ini, &error);
    MUST(fuzz_is_token(credentials.api_key, sizeof credentials.api_key));
    if (status == WP_OK) {
        size_t len = strlen(credentials.api_key);
        MUST(len > 0 && memmem(data + 1, size - 1, credentials.api_key, len) != NULL);
        MUST_BE_CLEAN(credentials.origin);
    } else {
        MUST(status == WP_NO_KEY || status == WP_INPUT);
        MUST(!credentials.api_key[0]);
        MUST_BE_CLEAN(error.message);
        MUST(strlen(error.message) > 0);
    }
    wp_credentials_wipe(&credentials);
    for (size_t i = 0; i < sizeof credentials.api_key; i++)
        MUST(credentials.api_key[i] == '\0');
    return 0;
}
