-- What the SELECTs of every connector may use.
CREATE OR REPLACE TEMP MACRO blank(told) AS nullif(trim(told), '');
CREATE OR REPLACE TEMP MACRO as_number(told) AS
    coalesce(TRY_CAST(told AS DOUBLE), TRY_CAST(replace(trim(told), ',', '') AS DOUBLE));
CREATE OR REPLACE TEMP MACRO epoch_time(told) AS
    CASE
        WHEN abs(told) < 1e11 THEN make_timestamp((told * 1e6)::BIGINT)
        WHEN abs(told) < 1e14 THEN make_timestamp((told * 1e3)::BIGINT)
        WHEN abs(told) < 1e17 THEN make_timestamp(told::BIGINT)
        WHEN abs(told) < 9e18 THEN make_timestamp((told / 1e3)::BIGINT)
    END;
-- A cast to TIMESTAMP drops an offset; a cast to TIMESTAMPTZ takes a naive time as UTC, but is
-- ten times slower: the plain form with seconds and no offset takes the first way.
CREATE OR REPLACE TEMP MACRO iso_time(told) AS
    CASE
        WHEN told[17] = ':' AND (length(told) = 19 OR suffix(told, 'Z')) THEN TRY_CAST(told AS TIMESTAMP)
        WHEN told[1] BETWEEN '0' AND '9' THEN TRY_CAST(TRY_CAST(told AS TIMESTAMPTZ) AS TIMESTAMP)
    END;
CREATE OR REPLACE TEMP MACRO as_time(told) AS coalesce(
    iso_time(told),
    iso_time(regexp_replace(replace(trim(told), ',', '.'), '\s+([+-]\d)', '\1')),
    CASE WHEN regexp_full_match(told, '\d{8,19}(\.\d+)?') THEN epoch_time(TRY_CAST(told AS DOUBLE)) END
);
-- The upper 63 bits of the md5: what `md5_number_lower(told) >> 1` gives, in half the time.
CREATE OR REPLACE TEMP MACRO content_number(told) AS (md5_number(told) >> 65)::BIGINT;
-- Names as a marketer says them: 'project_created' reads 'Project created'.
CREATE OR REPLACE TEMP MACRO titled(told) AS
    upper(told[1]) || replace(substring(told, 2), '_', ' ');
-- A web address to the page's name: home, a well-known section, or the path's first parts.
CREATE OR REPLACE TEMP MACRO page_of(location) AS CASE
    WHEN regexp_matches(location, '^[a-z]+://[^/]+/?([?#]|$)') THEN 'Home'
    WHEN regexp_matches(location, '://[^/]+/(customers|case-stud|success-stor)') THEN 'Case study'
    WHEN regexp_matches(location, '://[^/]+/blog/[^/?#]+/') THEN
        'Blog: ' || replace(regexp_extract(location, '://[^/]+/blog/([^/?#]+)/', 1), '-', ' ')
    ELSE titled(replace(regexp_extract(location, '://[^/]+/([^/?#]+)', 1), '-', ' '))
END;
-- GA4's default channel grouping, as far as source, medium and click id tell it.
CREATE OR REPLACE TEMP MACRO ga4_channel(source, medium, click_id) AS CASE
    WHEN click_id IS NOT NULL OR regexp_matches(lower(medium), '^(cpc|ppc|paidsearch|paid_search)$') THEN 'Paid search'
    WHEN regexp_matches(lower(medium), 'paid.?social|social.?paid') THEN 'Paid social'
    WHEN lower(medium) IN ('display', 'banner', 'cpm') THEN 'Display'
    WHEN lower(medium) IN ('organic') THEN 'Organic search'
    WHEN regexp_matches(lower(medium), '^(social|social-network|sm)$') THEN 'Organic social'
    WHEN regexp_matches(lower(medium), 'e-?mail') OR lower(source) IN ('email', 'newsletter') THEN 'Email'
    WHEN lower(medium) IN ('referral', 'link', 'app') THEN 'Referral'
    WHEN lower(medium) = 'affiliate' THEN 'Affiliates'
    WHEN source IS NULL OR source = '(direct)' THEN 'Direct'
    ELSE 'Unassigned'
END;
-- An event's properties: what is told, NULLs left out, and the columns that its table does not know.
CREATE OR REPLACE TEMP MACRO properties_of(told, leftover) AS
    nullif(translate(
        json_merge_patch(coalesce(leftover, '{}'), to_json(told))::VARCHAR, chr(57347) || chr(57348), ''
    ), '{}');
CREATE OR REPLACE TEMP MACRO is_yes(told) AS coalesce(lower(trim(told)) IN ('true', 't', 'yes', 'y', '1'), false);
-- A reference to a named thing of the same source: `tools.dictionary.references` tells its label.
CREATE OR REPLACE TEMP MACRO named(entity, key) AS
    chr(57344) || hex(entity) || chr(57345) || hex(nullif(trim(key::VARCHAR), '')) || chr(57346);
CREATE OR REPLACE TEMP MACRO named_or(entity, key, told) AS CASE
    WHEN nullif(trim(told::VARCHAR), '') IS NULL THEN named(entity, key)
    ELSE coalesce(
        chr(57344) || hex(entity) || chr(57345) || hex(nullif(trim(key::VARCHAR), ''))
            || chr(57345) || hex(trim(told::VARCHAR)) || chr(57346),
        told::VARCHAR
    )
END;
-- Money in a currency's smallest unit, in units.
CREATE OR REPLACE TEMP MACRO units(amount, currency) AS as_number(amount) / CASE
    WHEN upper(currency) IN (
        'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
    ) THEN 1
    ELSE 100
END;
-- Shopify's ids as its newer API writes them: 'gid://shopify/Order/123' is 123.
CREATE OR REPLACE TEMP MACRO shopify_id(told) AS regexp_replace(blank(told), '^gid://shopify/\w+/(\d+).*$', '\1');
