-- A web address to a page's name: its path, without what differs between visits to one page.
-- `list_transform([x], lambda y: ...)[1]` gives x a name, so that it is told once; macros copy theirs.

-- What follows the host; a single-page app's route ('#/pricing') counts as path. NULL: no page.
CREATE OR REPLACE TEMP MACRO address_path(address) AS CASE
    WHEN regexp_matches(address, '^(?i:(?:https?:|android-app:|ios-app:|app:)?//|/)')
        THEN regexp_extract(address, '^(?:[A-Za-z-]+:)?(?://[^/?#]*)?([^?#]*)', 1)
    WHEN regexp_matches(address, '^(?i)(?:mailto|javascript|data|tel|sms|about|blob|file|callto|intent|whatsapp):|^[a-z][a-z0-9+.-]*://')
        THEN NULL
    WHEN regexp_matches(address, '^[^/?#]*\.[a-zA-Z]{2,}(?::\d+)?(?:[/?#]|$)')
        THEN '/' || regexp_extract(address, '^[^/?#]*/?([^?#]*)', 1)
    WHEN trim(address) <> '' THEN '/' || regexp_extract(trim(address), '^[^?#]*')
END;
CREATE OR REPLACE TEMP MACRO routed_path(address) AS CASE
    WHEN contains(address, '#/') OR contains(address, '#!')
        THEN address_path(address) || '/' || regexp_extract(address, '#!?/?([^?#]*)', 1)
    ELSE address_path(address)
END;
CREATE OR REPLACE TEMP MACRO decoded(path) AS list_transform([path], lambda told: CASE
    WHEN contains(told, '%') THEN coalesce(TRY(url_decode(told)), told)
    ELSE told
END)[1];
CREATE OR REPLACE TEMP MACRO without_locale(path) AS regexp_replace(
    path,
    '^/(?:(?i:/* languages */)|(?i:/* languages *//* ambiguous languages */)[-_](?:[a-zA-Z]{2}|419))(?:/|$)',
    '/'
);
-- File names that say nothing, and the endings of those that do.
CREATE OR REPLACE TEMP MACRO without_files(path) AS list_transform([path], lambda told: CASE
    WHEN contains(told, '.') OR contains(told, ';') THEN regexp_replace(regexp_replace(
        told, '(?i)/(?:index|default)\.(?:html?|php|aspx?|jsp|cfm)(/|$)', '\1', 'g'
    ), '(?i)(?:;jsessionid=[^/]*|\.(?:html?|php|aspx?|jsp|cfm))$', '')
    ELSE told
END)[1];
-- Long parts that mix capitals, small letters and digits as no word does.
CREATE OR REPLACE TEMP MACRO without_tokens(path) AS list_transform([path], lambda told: CASE
    WHEN regexp_matches(told, '[A-Za-z0-9_=-]{16}') AND regexp_matches(told, '[A-Z]')
        THEN array_to_string(list_transform(string_split(told, '/'), lambda part: CASE
            WHEN regexp_full_match(part, '[A-Za-z0-9_=-]{16,}')
                AND regexp_matches(part, '[0-9]')
                AND regexp_matches(part, '[A-Z]')
                AND regexp_matches(part, '[a-z]')
                THEN ':id'
            ELSE part
        END), '/')
    ELSE told
END)[1];
-- Parts that are ids: numbers, UUIDs, hexadecimal, prefixed ids, mail addresses.
CREATE OR REPLACE TEMP MACRO without_ids(path) AS list_transform([path], lambda told: CASE
    WHEN told IN ('/404', '/500') THEN told
    WHEN regexp_matches(told, '[0-9@]|[a-f]{12}') THEN replace(regexp_replace(
        replace(told, '/', '//') || '/',
        '/(?:\d+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{12,}'
            || '|[a-z]{0,12}[-_]?\d{5,}|[a-z]{1,6}_[a-z0-9]*\d[a-z0-9]*|[^/@]+@[^/@]+\.[^/@]+)/',
        '/:id/',
        'g'
    ), '//', '/')
    ELSE told
END)[1];
CREATE OR REPLACE TEMP MACRO plain_path(path) AS '/' || trim(
    regexp_replace(without_ids(lower(without_tokens(without_files(without_locale(decoded(path)))))), '[/\s]{2,}', '/', 'g'),
    '/ '
);
-- '/' for the home page, '/docs/api', '/orders/:id'; most addresses are plain and told at once.
CREATE OR REPLACE TEMP MACRO path_of(address) AS coalesce(
    nullif(regexp_extract(
        address, '^https?://[^/?#]+(/|(?:/[a-z]{3,20}(?:-[a-z]{1,20})*)+)/?(?:\?[^#]*)?(?:#(?:[^/!].*)?)?$', 1
    ), ''),
    plain_path(routed_path(address))
);
-- A page's name: its path between marks that nothing else has. The dictionary tells what it is called.
CREATE OR REPLACE TEMP MACRO page_of(address) AS chr(57347) || path_of(address) || chr(57348);
