#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "profile/parse.h"

#include "base/banned.h"

/* ISO 4217: three capital letters. */
static bool is_currency(const char *text)
{
    return text && strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/* Thousandths; false for what is none, or more than a million. */
static bool parse_amount(uint32_t *out, const struct wp_json *object)
{
    double amount = 0;
    if (!wp_json_number(object, "per_second", &amount) || amount <= 0 || amount > 1e6)
        return false;
    double milli = round(amount * 1000);
    *out = (uint32_t)milli;
    return milli >= 1 && fabs(amount * 1000 - milli) < 1e-6;
}

static enum wp_status parse_price(struct wp_profile *profile, size_t index, const struct wp_json *object,
                                  struct wp_error *error)
{
    static const char *const names[] = {"region", "mode", "currency", "per_second", NULL};
    struct wp_price *price = &profile->prices[index];
    const char *region = wp_json_text(object, "region"), *mode = wp_json_text(object, "mode");
    const char *currency = wp_json_text(object, "currency");
    if (!wp_json_is_object(object))
        return wp_fail(error, WP_USAGE, "profile", "prices[%zu] must be an object", index);
    enum wp_status status = wp_profile_check_members(object, "prices", names, error);
    if (status != WP_OK)
        return status;
    if (!region || !wp_region_parse(&price->region, region))
        return wp_fail(error, WP_USAGE, "profile", "prices[%zu].region must be \"cn\" or \"intl\"", index);
    if (!mode || !wp_mode_parse(&price->mode, mode))
        return wp_fail(error, WP_USAGE, "profile", "prices[%zu].mode must be \"wan-std\" or \"wan-pro\"",
                       index);
    if (!is_currency(currency))
        return wp_fail(error, WP_USAGE, "profile", "prices[%zu].currency must be a code such as \"CNY\"",
                       index);
    if (!parse_amount(&price->milli_per_s, object))
        return wp_fail(
            error, WP_USAGE, "profile",
            "prices[%zu].per_second must be a number from 0.001 to 1000000 with at most three decimals",
            index);
    wp_text_copy(profile->currencies[index], sizeof profile->currencies[index], currency);
    price->currency = profile->currencies[index];
    for (size_t i = 0; i < index; i++) {
        if (profile->prices[i].region == price->region && profile->prices[i].mode == price->mode)
            return wp_fail(error, WP_USAGE, "profile",
                           "prices[%zu] and prices[%zu] are for the same region and mode", i, index);
    }
    return WP_OK;
}

enum wp_status wp_profile_parse_prices(struct wp_profile *profile, const struct wp_json *document,
                                       struct wp_error *error)
{
    const struct wp_json *prices = wp_json_member(document, "prices");
    size_t count = wp_json_count(prices);
    if (!prices)
        return WP_OK;
    if (!wp_json_is_array(prices) || count > WP_PROFILE_MAX_PRICES)
        return wp_fail(error, WP_USAGE, "profile", "prices must be an array of at most %d objects",
                       WP_PROFILE_MAX_PRICES);
    for (size_t i = 0; i < count; i++) {
        enum wp_status status = parse_price(profile, i, wp_json_at(prices, i), error);
        if (status != WP_OK)
            return status;
    }
    profile->limits.prices = profile->prices;
    profile->limits.price_count = count;
    return WP_OK;
}
