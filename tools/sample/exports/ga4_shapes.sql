-- One row is one way a GA4 row can look: event name, page, and what params it has.
CREATE OR REPLACE TABLE shape AS
WITH kind (shape, name, folder, slugs, extra) AS (VALUES
    (0, 'page_view', '/', [''], ''),
    (1, 'page_view', '/blog/guides/', ['monthly-report', 'kpi-tree', 'dashboard-rules', 'first-report', 'data-quality', 'reporting-calendar'], ''),
    (2, 'page_view', '/blog/product/', ['scheduled-reports', 'excel-export', 'faster-queries', 'new-charts', 'shared-links', 'alerts'], ''),
    (3, 'page_view', '/blog/industry/', ['agencies', 'retail', 'finance-teams', 'manufacturing', 'healthcare', 'education'], ''),
    (4, 'page_view', '/features', ['', '', '/dashboards', '/scheduling', '/sharing', '/alerts'], ''),
    (5, 'page_view', '/integrations', ['', '', '/sheets', '/postgres', '/bigquery', '/slack'], ''),
    (6, 'page_view', '/customers/', ['brightfield', 'northwind-media', 'oakpath', 'riverlabs', 'stonebridge', 'lakecare'], ''),
    (7, 'page_view', '/pricing', [''], ''),
    (8, 'webinar_register', '/webinars/', ['reporting-in-an-hour', 'kpi-clinic', 'live-demo'], ''),
    (9, 'generate_lead', '/demo', [''], ',{"key":"form_id","value":{"string_value":"demo_request"}}'),
    (10, 'page_view', '/docs/', ['getting-started', 'import-csv', 'permissions', 'api', 'sso', 'charts'], ''),
    (11, 'sign_up_start', '/signup', [''], ''),
    (12, 'sign_up_step', '/signup', [''], ',{"key":"step_name","value":{"string_value":"company_details"}}'),
    (13, 'sign_up_step', '/signup', [''], ',{"key":"step_name","value":{"string_value":"verify_email"}}'),
    (14, 'sign_up', '/signup', [''], ',{"key":"method","value":{"string_value":"email"}}'),
    (100, 'session_start', '/', [''], ''),
    (101, 'first_visit', '/', [''], ''),
    (102, 'login', '/login', [''], '')
)
SELECT k.shape, v.range AS variant,
    format('","event_name":"{}","event_params":[{{"key":"page_location","value":{{"string_value":"https://www.tallyward.example{}{}"}}}},{{"key":"ga_session_id","value":{{"int_value":"',
        name, folder, slugs[1 + v.range % len(slugs)]) AS head,
    '"}}' || extra || '],"user_pseudo_id":"' AS params
FROM kind AS k, range(6) AS v
ORDER BY k.shape, v.range;
