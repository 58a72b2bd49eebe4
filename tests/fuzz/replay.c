/* Runs a fuzz target over files and folders, without a fuzzer: corpora and fixtures as an ordinary test. */
#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

#include "base/banned.h"

static unsigned replayed;

/* The file's bytes in memory of their exact size, so that reading over their end is seen. */
static uint8_t *load(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1);
    if (!file || !data || fread(data, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    return data;
}

static void replay(const char *path);

static int is_no_dot(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_no_dot, alphasort);
    if (count < 0) {
        perror(path);
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        char inner[PATH_MAX];
        MUST(wp_text_format(inner, sizeof inner, "%s/%s", path, entries[i]->d_name));
        replay(inner);
        free(entries[i]);
    }
    free(entries);
}

static void replay(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        perror(path);
        exit(1);
    }
    if (S_ISDIR(info.st_mode)) {
        replay_folder(path);
        return;
    }
    if (getenv("VERBOSE"))
        (void)fprintf(stderr, "%s\n", path);
    size_t size = (size_t)info.st_size;
    uint8_t *data = load(path, size);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    replayed++;
}

int main(int argc, char **argv)
{
    uint8_t nothing = 0;
    (void)LLVMFuzzerTestOneInput(&nothing, 0);
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    (void)printf("%u files replayed\n", replayed);
    return replayed ? 0 : 1;
}
