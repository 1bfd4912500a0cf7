-- One row is one identifier of `seen_identifier` in the form in which it meets others: `value`, NULL for a
-- placeholder; `form` is an address as it was written, in lower case. What names nobody is what Mixpanel,
-- Amplitude, Segment and PostHog refuse as an id, and what exports and impatient people write instead of one.
CREATE OR REPLACE TEMP TABLE normal_identifier AS
WITH bare AS (
    SELECT
        identifier_kind AS kind,
        identifier AS told,
        trim(identifier, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)) AS text
    FROM seen_identifier
),
shaped AS (
    SELECT
        kind,
        told,
        text,
        lower(text) AS small,
        -- 'Ann <Ann+news@x.com>' and 'mailto:Ann+news@x.com' read 'ann+news@x.com'.
        CASE WHEN contains(text, '@') AND (kind = 'email' OR regexp_matches(text, '[^@]@[^@]+[.]')) THEN regexp_replace(
            CASE WHEN contains(text, '<') THEN regexp_replace(lower(text), '^.*<\s*([^<>]*?)\s*>.*$', '\1') ELSE lower(text) END,
            '^mailto:\s*([^?]*).*$', '\1'
        ) END AS form,
        -- Digits of the international form, without an extension or the 0 that is only dialled at home.
        CASE WHEN kind = 'phone' THEN regexp_replace(regexp_replace(
            regexp_replace(lower(text), '(\.0|\s*(ext\.?|extension|x|#|;ext=)\s*\d{1,6})$', ''),
            '\(0\)|\D', '', 'g'
        ), '^00', '') END AS digits,
        length(text) IN (32, 40, 64) AND regexp_full_match(text, '[0-9a-fA-F]+') AS hashed
    FROM bare
),
plain AS (
    SELECT kind, told, text, small, form, digits, hashed, regexp_replace(form, '^([^+@]+)\+[^@]*@', '\1@') AS address
    FROM shaped
)
SELECT
    kind,
    told,
    form,
    CASE
        WHEN small IN (
            '', '-', '--', '?', '.', 'null', '(null)', '<null>', 'none', '(none)', '<none>', 'nil', '<nil>', 'nan', 'n/a', 'na',
            '#n/a', '#ref!', '#value!', '#null!', 'unknown', '(unknown)', 'undefined', 'not set', '(not set)', 'not_set',
            'not provided', '(not provided)', 'not available', 'not applicable', 'anonymous', 'anon', 'guest', 'deleted',
            '[deleted]', '(deleted)', 'deleted user', 'deleted_user', 'redacted', '[redacted]', '(redacted)', 'empty', '(empty)',
            'blank', '(blank)', 'true', 'false', 'id', 'email', 'user_id', 'userid', 'anonymous_id', 'anonymousid',
            'distinct_id', 'distinctid', 'device_id', 'deviceid', 'client_id', 'not_authenticated', 'unauthenticated', 'no-id',
            'lmy47d', '[object object]', '[]', '{}', '""', '''''', '-1', 'opt-out', 'optout',
            'ffffffff-ffff-ffff-ffff-ffffffffffff',
            -- The hashes of an empty text.
            'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
            'd41d8cd98f00b204e9800998ecf8427e'
        ) THEN NULL
        -- Zeros and dashes; but a table of users may begin at 0.
        WHEN small[1] IN ('0', '-') AND regexp_full_match(small, '[0-]+') AND (small <> '0' OR kind <> 'user') THEN NULL
        WHEN kind = 'phone' THEN CASE
            WHEN hashed THEN small
            WHEN length(digits) < 6 OR length(replace(digits, digits[1], '')) = 0 OR regexp_matches(small, '\de\+\d') THEN NULL
            WHEN digits IN ('123456', '1234567', '12345678', '123456789', '1234567890', '0123456789', '987654321') THEN NULL
            ELSE digits
        END
        WHEN form IS NOT NULL THEN CASE
            WHEN regexp_matches(
                address,
                '^(none|null|nil|n/?a|no-?e?mail|undefined|unknown|anonymous|no-?reply|do-?not-?reply|mailer-daemon)@'
            ) THEN NULL
            WHEN regexp_matches(
                address,
                '^(test|asdf|qwerty|email|example|noone|nobody|abc|foo)@(test|asdf|qwerty|email|example|noone|nobody|abc|foo)\.[a-z]+$'
            ) THEN NULL
            WHEN address IN ('user@example.com', 'name@example.com', 'you@example.com', 'a@a.com', 'a@b.com', 'x@x.com') THEN NULL
            WHEN starts_with(address, '@') OR ends_with(address, '@') THEN NULL
            ELSE address
        END
        WHEN kind = 'email' THEN small
        WHEN length(text) >= 36 AND regexp_full_match(small, '\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?') THEN trim(small, '{}')
        -- A number that a spreadsheet took for a decimal one.
        WHEN ends_with(text, '.0') AND regexp_full_match(text, '\d+\.0') THEN left(text, length(text) - 2)
        -- The end of Salesforce's long form of an id only repeats which of its letters are capitals.
        WHEN starts_with(kind, 'salesforce') AND length(text) = 18 THEN left(text, 15)
        ELSE text
    END AS value
FROM plain;

-- One row is one identifier as it was told, with its id. No id: it is a placeholder, or its person asked
-- to be forgotten.
CREATE OR REPLACE TEMP TABLE identified AS
WITH numbered AS (
    SELECT kind, told, value, (md5_number(kind || ':' || value) >> 65)::BIGINT AS number
    FROM normal_identifier
)
SELECT
    numbered.kind,
    numbered.told,
    numbered.value,
    CASE WHEN gone.identifier_id IS NULL THEN numbered.number END AS identifier_id,
    gone.identifier_id IS NOT NULL AS forgotten
FROM numbered
LEFT JOIN (SELECT DISTINCT identifier_id FROM forgotten) AS gone ON gone.identifier_id = numbered.number;
