"""SurveyMonkey: answers to surveys, from the API or the survey's own export."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "surveymonkey", "response", ("id", "survey_id", "collector_id", "response_status", "date_modified|date_created"), SQL,
        optional=(
            "pages", "metadata.contact.email.value", "email_address", "metadata.contact.first_name.value|first_name",
            "metadata.contact.last_name.value|last_name", "custom_value", "recipient_id", "total_time", "ip_address", "date_created",
            "analyze_url", "edit_url", "href", "logic_path", "page_path", "collection_mode", "custom_variables", "quiz_results.score",
        ),
    ),
    VendorTable(
        "surveymonkey", "export", ("Respondent ID|respondent_id", "Collector ID|collector_id", "End Date|Date Modified|date_modified"), SQL,
        optional=("Start Date|Date Created", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1"),
        lacks=("survey_id",),
    ),
    VendorTable("surveymonkey", "survey", ("id", "title", "question_count|nickname"), SQL, optional=("date_modified",)),
)  # fmt: skip
