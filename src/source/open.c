#include "source/open.h"

#include "base/file.h"

#include "base/banned.h"

enum wp_status wp_source_read_fd(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                 struct wp_error *error)
{
    const struct wp_source *source = user;
    *got = 0;
    if (offset >= source->reader.size)
        return WP_OK;
    if (len > source->reader.size - offset)
        len = (size_t)(source->reader.size - offset);
    return wp_file_read_at(source->fd, out, len, offset, got, error);
}

const struct wp_reader *wp_source_reader(const struct wp_source *source)
{
    return &source->reader;
}

int wp_source_fd(const struct wp_source *source)
{
    return source->fd;
}

void wp_source_close(struct wp_source *source)
{
    if (source)
        source->close(source);
}
