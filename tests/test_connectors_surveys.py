"""Surveys and social networks: who answered or wrote, and what."""

import json
from pathlib import Path

from tests.intake import events, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store


def taken(folder: Path, files: dict[str, str]) -> Store:
    store = memory_store()
    for name, text in files.items():
        load(store, write(folder, name, text))
    return store


def test_a_typeform_answer_is_an_event_of_its_mailbox_with_its_words(tmp_path: Path) -> None:
    item = {
        "token": "t1", "landed_at": "2026-01-05T10:00:00Z", "submitted_at": "2026-01-05T10:03:00Z", "form_id": "f1",
        "hidden": {"utm_source": "google", "utm_medium": "cpc"}, "calculated": {"score": 7}, "metadata": {"referer": "https://x.example"},
        "answers": [{"type": "email", "email": "ann@x.com"}, {"type": "text", "text": "Great but dear"}],
    }  # fmt: skip
    store = taken(
        tmp_path,
        {
            "responses.json": json.dumps({"total_items": 1, "page_count": 1, "items": [item]}),
            "forms.jsonl": json.dumps(
                {"id": "f1", "title": "Demo request", "_links": {"display": "u"}}
            ),
        },
    )
    assert events(store) == [("ann@x.com", "2026-01-05 10:03:00", "Form submitted: Demo request")]
    assert store.rows(
        "SELECT text, (SELECT value FROM identifier WHERE kind = 'email' AND person_id = note.person_id) FROM note"
    ) == [("Great but dear", "ann@x.com")]


def test_a_surveymonkey_response_is_named_after_its_survey(tmp_path: Path) -> None:
    response = {
        "id": "5", "survey_id": "9", "collector_id": "1", "response_status": "completed", "date_modified": "2026-02-05T23:21:28+00:00",
        "metadata": {"contact": {"email": {"type": "string", "value": "ann@x.com"}}},
        "pages": [{"id": "1", "questions": [{"id": "2", "answers": [{"choice_id": "3"}, {"text": "It is slow"}]}]}],
    }  # fmt: skip
    store = taken(
        tmp_path,
        {
            "bulk.json": json.dumps(
                {"data": [response], "per_page": 50, "page": 1, "total": 1, "links": {"self": "u"}}
            ),
            "surveys.jsonl": json.dumps({"id": "9", "title": "Exit", "question_count": 3}),
        },
    )
    assert events(store) == [("ann@x.com", "2026-02-05 23:21:28", "Survey answered: Exit")]
    assert store.rows("SELECT text FROM note") == [("It is slow",)]


def test_qualtrics_own_export_counts_answers_and_not_its_two_extra_heads(tmp_path: Path) -> None:
    text = (
        "StartDate,EndDate,Status,Progress,Finished,RecordedDate,ResponseId,RecipientEmail,DistributionChannel,Q1,Q2_TEXT\n"
        "Start Date,End Date,Response Type,Progress,Finished,Recorded Date,Response ID,Recipient Email,Channel,How?,Why?\n"
        '"{""ImportId"":""startDate""}",,,,,"{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}",,,,\n'
        "2026-01-01 10:00:00,2026-01-01 10:05:00,0,100,True,2026-01-01 10:05:01,R_1,ann@x.com,email,5,Because it is simple\n"
    )
    store = taken(tmp_path, {"survey.csv": text})
    assert events(store) == [("ann@x.com", "2026-01-01 10:05:01", "Survey answered")]
    assert store.rows("SELECT text FROM note") == [("Because it is simple",)]
    assert store.value("SELECT count(*) FROM rejected_row") == 2


def test_comments_and_messages_are_told_by_their_network(tmp_path: Path) -> None:
    store = taken(
        tmp_path,
        {
            "comments.json": json.dumps({"data": [{"id": "1_2", "created_time": "2026-01-05T10:00:00+0000", "message": "How much?",
                                                   "from": {"id": "77", "name": "Ann"}}], "paging": {"cursors": {}}}),
            "messages.csv": "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
            "c1,,Ben B,https://li.example/ben,Us,u,2026-01-06 09:00:00 UTC,Hi,Do you ship?,INBOX\n",
            "mentions.json": json.dumps({"data": [{"id": "9", "text": "@shop rocks", "author_id": "5", "created_at": "2026-01-07T00:00:00.000Z"}],
                                         "meta": {"result_count": 1}}),
        },
    )  # fmt: skip
    assert [label for _, _, label in sorted(events(store), key=lambda told: told[1])] == [
        "Comment on Facebook", "Message on LinkedIn", "Mention on X",
    ]  # fmt: skip
    assert store.value("SELECT count(*) FROM note") == 3
