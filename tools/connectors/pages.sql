-- A web address to a page's name: its path, without what differs between visits to one page.
-- Each step looks first whether there is anything to do: most addresses are plain.

-- What follows the host; a single-page app's route ('#/pricing') counts as path. NULL: no page.
CREATE OR REPLACE TEMP MACRO address_path(address) AS CASE
    WHEN address[1] = '/' AND address[2] IS DISTINCT FROM '/' THEN regexp_extract(address, '^[^?#]*')
    WHEN contains(address, '//') THEN CASE
        WHEN regexp_matches(address, '^(?i)(?:https?:|android-app:|ios-app:|app:)?//')
            THEN regexp_extract(address, '^[^/]*//[^/?#]*([^?#]*)', 1)
        WHEN regexp_matches(address, '^(?i)[a-z][a-z0-9+.-]*:') THEN NULL
        ELSE '/' || regexp_extract(address, '^[^/?#]*\.[^/?#]*/?([^?#]*)', 1)
    END
    WHEN regexp_matches(address, '^(?i)(?:mailto|javascript|data|tel|sms|about|blob|file|callto|intent|whatsapp):') THEN NULL
    WHEN regexp_matches(address, '^[^/?#]*\.[a-zA-Z]{2,}(?::\d+)?(?:[/?#]|$)')
        THEN '/' || regexp_extract(address, '^[^/?#]*/?([^?#]*)', 1)
    WHEN trim(address) <> '' THEN '/' || regexp_extract(trim(address), '^[^?#]*')
END;
CREATE OR REPLACE TEMP MACRO routed_path(address) AS CASE
    WHEN contains(address, '#/') OR contains(address, '#!')
        THEN address_path(address) || '/' || regexp_extract(address, '#!?/?([^?#]*)', 1)
    ELSE address_path(address)
END;
-- Parts that are ids: numbers, UUIDs, hexadecimal, prefixed ids, mail addresses.
CREATE OR REPLACE TEMP MACRO without_ids(path) AS replace(regexp_replace(
    replace(path, '/', '//') || '/',
    '/(?:\d+|(?i:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{12,}|[a-z]{0,12}[-_]?\d{5,}|[a-z]{1,6}_[a-z0-9]*\d[a-z0-9]*)|[^/@]+@[^/@]+\.[^/@]+)/',
    '/:id/',
    'g'
), '//', '/');
-- Long parts that mix capitals, small letters and digits as no word does.
CREATE OR REPLACE TEMP MACRO without_tokens(path) AS array_to_string(list_transform(
    string_split(path, '/'),
    lambda part: CASE
        WHEN length(part) >= 16
            AND regexp_full_match(part, '[A-Za-z0-9_=-]+')
            AND regexp_matches(part, '[0-9]')
            AND regexp_matches(part, '[A-Z]')
            AND regexp_matches(part, '[a-z]')
            THEN ':id'
        ELSE part
    END
), '/');
CREATE OR REPLACE TEMP MACRO without_locale(path) AS CASE
    WHEN path[4] IN ('/', '') OR path[7] IN ('/', '') THEN regexp_replace(
        path,
        '^/(?:(?i:/* languages */)|(?i:/* languages *//* ambiguous languages */)[-_](?:[a-zA-Z]{2}|419))(?:/|$)',
        '/'
    )
    ELSE path
END;
-- File names that say nothing, endings, doubled and closing slashes.
CREATE OR REPLACE TEMP MACRO without_files(path) AS CASE
    WHEN contains(path, '.') OR contains(path, ';') THEN regexp_replace(regexp_replace(
        path, '(?i)/(?:index|default)\.(?:html?|php|aspx?|jsp|cfm)(/|$)', '\1', 'g'
    ), '(?i)(?:;jsessionid=[^/]*|\.(?:html?|php|aspx?|jsp|cfm))$', '')
    ELSE path
END;
CREATE OR REPLACE TEMP MACRO decoded(path) AS CASE
    WHEN contains(path, '%') THEN coalesce(TRY(url_decode(path)), path)
    ELSE path
END;
CREATE OR REPLACE TEMP MACRO plain_path(path) AS CASE
    WHEN regexp_full_match(path, '/[a-z]{3,}(?:-[a-z]+)*(?:/[a-z]{1,20}(?:-[a-z]{1,20})*)*') THEN path
    ELSE '/' || trim(regexp_replace(lower(without_ids(without_tokens(without_files(without_locale(decoded(path)))))), '[/\s]{2,}', '/', 'g'), '/ ')
END;
-- '/' for the home page, '/docs/api', '/orders/:id'.
CREATE OR REPLACE TEMP MACRO path_of(address) AS plain_path(routed_path(address));
-- A page's name: its path between marks that nothing else has. The dictionary tells what it is called.
CREATE OR REPLACE TEMP MACRO page_of(address) AS chr(57347) || path_of(address) || chr(57348);
