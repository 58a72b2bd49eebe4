#include "cli/table.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/money.h"

#include "base/banned.h"

enum { DOING_WIDTH = 17, AGE_WIDTH = 8, MIN_NAME = 6, MAX_ITEMS = 12 };

/* Columns of the character of len bytes at p. Blocks of the Unicode Standard's EastAsianWidth.txt that are
 * wide as a whole, and pictographs; combining marks count 1, so that a line is rather too short. */
static size_t character_width(const char *p, size_t len)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97c},
                {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1f300, 0x1f64f},
                {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    if (len == 0)
        return 1;
    uint32_t code = (unsigned char)p[0] & masks[len];
    for (size_t i = 1; i < len; i++)
        code = code << 6 | ((unsigned char)p[i] & 0x3fU);
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (code >= wide[i].first && code <= wide[i].last)
            return 2;
    }
    return 1;
}

size_t wp_table_width(const char *text, size_t len)
{
    size_t width = 0;
    for (const char *p = text, *end = text + len; p < end;) {
        size_t n = wp_text_utf8_length(p);
        width += character_width(p, n);
        p += n ? n : 1;
    }
    return width;
}

/* Adds what fits of [text, text + len) into width columns, and fills them up. */
static void add_cell(struct wp_buf *out, const char *text, size_t len, size_t width)
{
    size_t used = 0;
    bool fits = wp_table_width(text, len) <= width;
    size_t room = fits || width < 2 ? width : width - 2;
    for (const char *p = text, *end = text + len; p < end;) {
        size_t n = wp_text_plain_length(p), columns = character_width(p, n);
        if (used + columns > room)
            break;
        (void)wp_buf_add(out, n ? p : "?", n ? n : 1);
        used += columns;
        p += n ? n : 1;
    }
    if (!fits && width >= 2) {
        (void)wp_buf_add_text(out, "..");
        used += 2;
    }
    (void)wp_buf_add_format(out, "%*s", (int)(width - used), "");
}

static void add_age(struct wp_buf *out, int64_t ms)
{
    char text[32];
    int64_t seconds = ms > 0 ? ms / 1000 : 0;
    if (seconds < 3600)
        (void)wp_text_format(text, sizeof text, "%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
    else
        (void)wp_text_format(text, sizeof text, "%" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600,
                             seconds / 60 % 60, seconds % 60);
    (void)wp_buf_add_format(out, "%*s", AGE_WIDTH, text);
}

static void add_doing(struct wp_buf *out, const struct wp_roll_row *row)
{
    char text[48];
    if (row->retrying)
        (void)wp_text_copy(text, sizeof text, "trying again");
    else if (row->percent >= 0)
        (void)wp_text_format(text, sizeof text, "%s %d %%", wp_stage_name(row->stage), row->percent);
    else
        (void)wp_text_copy(text, sizeof text, wp_stage_name(row->stage));
    add_cell(out, text, strlen(text), DOING_WIDTH);
}

static size_t digits(size_t number)
{
    size_t count = 1;
    while (number /= 10)
        count++;
    return count;
}

static void add_row(struct wp_buf *out, const struct wp_table *table, size_t index)
{
    const struct wp_roll_row *row = &table->roll->rows[index];
    const char *name = row->name ? row->name : row->task_id ? row->task_id : "";
    size_t number = digits(table->total > table->roll->count ? table->total : table->roll->count);
    size_t fixed = 1 + number + 1 + 1 + DOING_WIDTH + AGE_WIDTH; /* one column stays free */
    size_t width = table->columns > fixed + MIN_NAME ? table->columns - fixed : MIN_NAME;
    (void)wp_buf_add_format(out, "%*zu ", (int)number, index + 1);
    add_cell(out, name, row->name ? strcspn(name, "?#") : strlen(name), width);
    (void)wp_buf_add_text(out, " ");
    add_doing(out, row);
    add_age(out, table->now_ms - row->since_ms);
    (void)wp_buf_add_text(out, "\n");
}

/* Adds up to `most` rows; the number of those that are under way. */
static size_t add_rows(struct wp_buf *out, const struct wp_table *table, size_t most)
{
    size_t counts[WP_STAGE_COUNT] = {0}, under_way = 0, shown = 0;
    const struct wp_roll *roll = table->roll;
    for (size_t i = 0; i < roll->count; i++)
        counts[roll->rows[i].stage]++;
    for (size_t stage = WP_STAGE_COUNT; stage-- > WP_STAGE_IDLE + 1;) {
        under_way += counts[stage];
        for (size_t i = 0; i < roll->count && counts[stage] > 0 && shown < most; i++) {
            if (roll->rows[i].stage != stage)
                continue;
            add_row(out, table, i);
            counts[stage]--;
            shown++;
        }
    }
    return under_way;
}

/* Short texts that are told one after the other. */
struct items {
    size_t count;
    char texts[MAX_ITEMS][64];
};

static void add_item(struct items *items, size_t count, const char *what)
{
    if (count > 0 && items->count < MAX_ITEMS)
        (void)wp_text_format(items->texts[items->count++], sizeof items->texts[0], "%zu %s", count, what);
}

static void add_counts(struct items *items, const struct wp_table *table)
{
    const struct wp_batch_state *state = table->state;
    size_t done = wp_tally_of(&table->roll->tally, WP_OK), ended = table->roll->at_rest;
    size_t moving =
        state->uploading + state->submitting + state->waiting + state->downloading + state->elsewhere;
    size_t queued = state->queued;
    if (table->total > 0) {
        (void)wp_text_format(items->texts[items->count++], sizeof items->texts[0], "%zu of %zu done", done,
                             table->total);
        queued = table->total > ended + moving ? table->total - ended - moving : 0;
    } else {
        (void)wp_text_format(items->texts[items->count++], sizeof items->texts[0], "%zu done", done);
    }
    add_item(items, ended - done, "without a result");
    add_item(items, state->uploading, "uploading");
    add_item(items, state->submitting, "submitting");
    add_item(items, state->waiting, "at the service");
    add_item(items, state->downloading, "downloading");
    add_item(items, state->elsewhere, "worked on elsewhere");
    add_item(items, queued, "queued");
}

static void add_money(struct items *items, const struct wp_table *table)
{
    static const char *const names[] = {"spent", "reserved", "at most"};
    const uint64_t amounts[] = {table->state->spent, table->state->reserved, table->max_cost};
    for (size_t i = 0; table->currency && i < (table->has_max_cost ? 3 : 2) && items->count < MAX_ITEMS;
         i++) {
        char amount[40];
        wp_money_text(amount, sizeof amount, amounts[i], table->currency);
        (void)wp_text_format(items->texts[items->count++], sizeof items->texts[0], "%s %s", names[i], amount);
    }
}

static void add_forecast(struct items *items, const struct wp_table *table)
{
    int64_t minutes = (table->state->forecast_ms + 59999) / 60000;
    char *text = items->texts[items->count];
    if (minutes <= 0 || items->count == MAX_ITEMS)
        return;
    if (minutes < 60)
        (void)wp_text_format(text, sizeof items->texts[0], "queue ends in about %" PRId64 " min", minutes);
    else
        (void)wp_text_format(text, sizeof items->texts[0],
                             "queue ends in about %" PRId64 " h %" PRId64 " min", minutes / 60, minutes % 60);
    items->count++;
}

static void add_all(struct items *items, const struct wp_table *table)
{
    add_counts(items, table);
    add_money(items, table);
    add_forecast(items, table);
}

/* Adds the items, as many to a line as fit into its width. Returns the number of lines. */
static size_t add_wrapped(struct wp_buf *out, const struct items *items, size_t width)
{
    size_t lines = 0, used = 0;
    for (size_t i = 0; i < items->count; i++) {
        size_t len = strlen(items->texts[i]), comma = i + 1 < items->count;
        bool fits = lines > 0 && used + 1 + len + comma <= width;
        if (lines > 0)
            (void)wp_buf_add_text(out, fits ? " " : "\n");
        size_t room = width - comma;
        used = (fits ? used + 1 : 0) + (len < room ? len : room) + comma;
        lines += !fits;
        (void)wp_buf_add_format(out, "%.*s%s", (int)room, items->texts[i], comma ? "," : "");
    }
    if (lines > 0)
        (void)wp_buf_add_text(out, "\n");
    return lines;
}

/* Keeps the first lines of text. */
static void cut_lines(struct wp_buf *text, size_t most)
{
    size_t at = 0;
    for (size_t line = 0; line < most && at < text->len; line++)
        at += strcspn(text->data + at, "\n") + 1;
    if (at < text->len) {
        text->len = at;
        text->data[at] = '\0';
    }
}

void wp_table_draw(struct wp_buf *out, const struct wp_table *table)
{
    struct items items = {0};
    struct wp_buf rows = wp_buf_new(out->ceiling), sum = wp_buf_new(out->ceiling);
    size_t width = table->columns > 12 ? table->columns - 1 : 11,
           lines = table->lines > 1 ? table->lines - 1 : 1;
    add_all(&items, table);
    size_t below = add_wrapped(&sum, &items, width);
    size_t most = lines > below ? lines - below : 0;
    size_t under_way = add_rows(&rows, table, most);
    if (under_way > most && most > 0) {
        char more[32];
        cut_lines(&rows, most - 1);
        (void)wp_text_format(more, sizeof more, "... and %zu more", under_way - (most - 1));
        (void)wp_buf_add_format(&rows, "%.*s\n", (int)width, more);
    }
    cut_lines(&sum, lines);
    (void)wp_buf_add_text(out, wp_buf_text(&rows));
    (void)wp_buf_add_text(out, wp_buf_text(&sum));
    if (rows.failed || sum.failed)
        out->failed = WP_NOMEM;
    wp_buf_free(&rows);
    wp_buf_free(&sum);
}

void wp_table_sum(struct wp_buf *out, const struct wp_table *table)
{
    struct items items = {0};
    add_all(&items, table);
    for (size_t i = 0; i < items.count; i++)
        (void)wp_buf_add_format(out, "%s%s", i > 0 ? ", " : "", items.texts[i]);
}
