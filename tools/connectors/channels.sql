-- What a visit came from, and the channel that GA4's default grouping gives it.
-- Source: support.google.com/analytics/answer/9756891, its order and expressions; without regard to case.

-- A host, in small letters, without port and `www.`.
CREATE OR REPLACE TEMP MACRO host_of(address) AS nullif(lower(regexp_extract(
    address, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://)?(?i:www\.)?([^/?#:]*)', 1
)), '');
-- What one owner has of a host: shop.example, shop.co.uk.
CREATE OR REPLACE TEMP MACRO site_of(host) AS regexp_extract(
    host, '([^.]+\.(?:(?:co|com|org|net|gov|edu|ac|ne|or|go|gob)\.[a-z]{2}|[^.]+))$', 1
);
CREATE OR REPLACE TEMP MACRO same_site(host, other) AS site_of(host) = site_of(other);
-- The value of a parameter of an address, or of a fragment.
CREATE OR REPLACE TEMP MACRO parameter_of(address, name) AS nullif(trim(TRY(url_decode(replace(
    regexp_extract(address, '[?&#;]' || name || '=([^&#;]*)', 1), '+', ' '
)))), '');
-- The click id that an address carries, told by its kind.
CREATE OR REPLACE TEMP MACRO click_of(address) AS CASE
    WHEN regexp_matches(address, '(?i)[?&#;](?:/* click ids */)=') THEN nullif(regexp_extract(
        address, '(?i)[?&#;](/* click ids */)=[^&#;]', 1
    ), '')
END;
CREATE OR REPLACE TEMP MACRO told_or_null(told) AS
    CASE WHEN trim(told) NOT IN ('', '(not set)', '(none)', '(not provided)', 'null', '<Other>') THEN trim(told) END;
-- Whether the referrer is a page of the very host.
CREATE OR REPLACE TEMP MACRO within_host(referrer, address) AS starts_with(
    referrer, left(address, 8 + strpos(substring(address, 9), '/'))
) AND strpos(substring(address, 9), '/') > 0;
CREATE OR REPLACE TEMP MACRO told_parameter(address, name) AS CASE
    WHEN contains(address, name) THEN parameter_of(address, name)
END;
-- What a visit came from, as JSON; NULL where nothing is known, as on a page within a visit.
-- A referrer of '' or '$direct' says that there was none. The visited host stands beside a referrer:
-- `channel_of` finds out, once per origin, whether both are one site.
CREATE OR REPLACE TEMP MACRO origin_of(source, medium, campaign, referrer, address) AS list_transform([{
    'source': CASE WHEN source IS NULL AND medium IS NULL THEN told_parameter(address, 'utm_source')
        ELSE told_or_null(source) END,
    'medium': CASE WHEN source IS NULL AND medium IS NULL THEN told_parameter(address, 'utm_medium')
        ELSE told_or_null(medium) END,
    'campaign': coalesce(told_or_null(campaign), told_parameter(address, 'utm_campaign')),
    'referrer': CASE WHEN contains(referrer, '.') AND NOT coalesce(within_host(referrer, address), false)
        THEN host_of(referrer) END,
    'click': click_of(address),
    'direct': referrer IN ('', '$direct', '(direct)', 'direct')
}], lambda origin: CASE
    WHEN coalesce(origin.source, origin.medium, origin.referrer, origin.click) IS NOT NULL THEN '{' || concat_ws(
        ',',
        '"source":' || to_json(origin.source),
        '"medium":' || to_json(origin.medium),
        '"campaign":' || to_json(origin.campaign),
        '"referrer":' || to_json(origin.referrer),
        '"host":' || CASE WHEN origin.referrer IS NOT NULL THEN to_json(host_of(address)) END,
        '"click":"' || lower(origin.click) || '"'
    ) || '}'
    WHEN origin.direct THEN '{"source":"(direct)"}'
END)[1];

-- Ads of one network only carry these; `fbclid` and the like stand on every link out.
CREATE OR REPLACE TEMP MACRO click_source(click) AS CASE click /* click sources */ END;
CREATE OR REPLACE TEMP MACRO click_medium(click) AS CASE click /* click mediums */ END;
-- The referrer, unless it is the site itself or where one only pays or signs in.
CREATE OR REPLACE TEMP MACRO foreign_referrer(origin) AS CASE
    WHEN same_site(json_extract_string(origin, '$.referrer'), json_extract_string(origin, '$.host')) THEN NULL
    WHEN regexp_full_match(json_extract_string(origin, '$.referrer'), '/* payment sites */') THEN NULL
    ELSE json_extract_string(origin, '$.referrer')
END;
-- The source and medium that GA4 would tell of an origin.
CREATE OR REPLACE TEMP MACRO origin_source(origin) AS CASE
    WHEN json_extract_string(origin, '$.click') IN ('gclid', 'gbraid', 'wbraid') THEN 'google'
    ELSE coalesce(
        json_extract_string(origin, '$.source'),
        CASE WHEN json_extract_string(origin, '$.medium') IS NULL THEN coalesce(
            click_source(json_extract_string(origin, '$.click')),
            foreign_referrer(origin)
        ) END
    )
END;
CREATE OR REPLACE TEMP MACRO origin_medium(origin) AS CASE
    WHEN json_extract_string(origin, '$.click') IN ('gclid', 'gbraid', 'wbraid') THEN 'cpc'
    WHEN json_extract_string(origin, '$.medium') IS NOT NULL THEN json_extract_string(origin, '$.medium')
    WHEN json_extract_string(origin, '$.source') IS NOT NULL THEN NULL
    WHEN click_medium(json_extract_string(origin, '$.click')) IS NOT NULL
        THEN click_medium(json_extract_string(origin, '$.click'))
    WHEN foreign_referrer(origin) IS NOT NULL THEN 'referral'
END;
CREATE OR REPLACE TEMP MACRO search_site(source) AS regexp_full_match(source, '/* search sites */');
CREATE OR REPLACE TEMP MACRO social_site(source) AS regexp_full_match(source, '/* social sites */');
CREATE OR REPLACE TEMP MACRO shopping_site(source) AS regexp_full_match(source, '/* shopping sites */');
CREATE OR REPLACE TEMP MACRO video_site(source) AS regexp_full_match(source, '/* video sites */');
CREATE OR REPLACE TEMP MACRO assistant_site(source) AS regexp_full_match(source, '/* assistant sites */');
CREATE OR REPLACE TEMP MACRO paid_medium(medium) AS regexp_full_match(medium, '.*cp.*|ppc|retargeting|paid.*');
CREATE OR REPLACE TEMP MACRO shop_campaign(campaign) AS
    regexp_full_match(campaign, '.*(([^a-df-z]|^)shop|shopping).*');
-- All three in small letters; NULL where it is not set.
CREATE OR REPLACE TEMP MACRO grouped_channel(source, medium, campaign) AS CASE
    WHEN coalesce(source, '(direct)') IN ('(direct)', 'direct') AND coalesce(medium, '(none)') IN ('(none)', '(not set)')
        THEN 'Direct'
    WHEN contains(campaign, 'cross-network') THEN 'Cross-network'
    WHEN paid_medium(medium) THEN CASE
        WHEN shopping_site(source) OR shop_campaign(campaign) THEN 'Paid shopping'
        WHEN search_site(source) THEN 'Paid search'
        WHEN social_site(source) THEN 'Paid social'
        WHEN video_site(source) THEN 'Paid video'
        WHEN medium = 'cpm' THEN 'Display'
        ELSE 'Paid other'
    END
    WHEN medium IN ('display', 'banner', 'expandable', 'interstitial', 'cpm') THEN 'Display'
    WHEN medium = 'ai-assistant' OR (assistant_site(source) AND coalesce(medium, 'referral') = 'referral')
        THEN 'AI assistant'
    WHEN shopping_site(source) OR shop_campaign(campaign) THEN 'Organic shopping'
    WHEN social_site(source)
        OR medium IN ('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')
        THEN 'Organic social'
    WHEN video_site(source) OR regexp_full_match(medium, '.*video.*') THEN 'Organic video'
    WHEN search_site(source) OR medium = 'organic' THEN 'Organic search'
    WHEN source IN ('email', 'e-mail', 'e_mail', 'e mail') OR medium IN ('email', 'e-mail', 'e_mail', 'e mail')
        THEN 'Email'
    WHEN medium = 'affiliate' THEN 'Affiliates'
    WHEN medium IN ('referral', 'app', 'link') THEN 'Referral'
    WHEN medium = 'audio' THEN 'Audio'
    WHEN source = 'sms' OR medium = 'sms' THEN 'SMS'
    WHEN suffix(medium, 'push') OR contains(medium, 'mobile') OR contains(medium, 'notification')
        OR source = 'firebase'
        THEN 'Mobile push notifications'
    ELSE 'Unassigned'
END;
-- A channel that was told as such stands in the origin itself. NULL: within a visit.
CREATE OR REPLACE TEMP MACRO channel_of(origin) AS list_transform(
    list_transform([origin], lambda whole: {
        'channel': json_extract_string(whole, '$.channel'),
        'source': lower(origin_source(whole)),
        'medium': lower(origin_medium(whole)),
        'campaign': lower(json_extract_string(whole, '$.campaign'))
    }),
    lambda told: CASE
        WHEN told.channel IS NOT NULL THEN told.channel
        WHEN coalesce(told.source, told.medium) IS NOT NULL
            THEN grouped_channel(told.source, told.medium, told.campaign)
    END
)[1];
CREATE OR REPLACE TEMP MACRO ga4_channel(source, medium, click_id) AS CASE
    WHEN click_id IS NOT NULL THEN 'Paid search'
    ELSE list_transform(
        [{'source': lower(source), 'medium': lower(medium)}],
        lambda told: grouped_channel(told.source, told.medium, NULL)
    )[1]
END;
