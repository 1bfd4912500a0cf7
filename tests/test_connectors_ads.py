"""Ads: the same money at several levels counts once, and campaigns go by their names."""

import json
from pathlib import Path

from tests.intake import load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

SPEND = "SELECT day::VARCHAR, channel, campaign, cost, currency, impressions, clicks FROM spend ORDER BY ALL"


def taken(folder: Path, files: dict[str, str]) -> Store:
    store = memory_store()
    for name, text in files.items():
        load(store, write(folder, name, text))
    return store


def test_of_reports_at_several_levels_the_coarsest_that_names_campaigns_counts(
    tmp_path: Path,
) -> None:
    store = taken(
        tmp_path,
        {
            "ad_stats.csv": "date,ad_id,campaign_id,cost_micros,impressions,clicks,device\n2026-01-01,a1,c1,1000000,10,1,MOBILE\n2026-01-01,a2,c1,2000000,20,2,MOBILE\n",
            "account_stats.csv": "date,customer_id,cost_micros,impressions,clicks,device\n2026-01-01,1,9000000,90,9,MOBILE\n",
            "campaign_history.csv": "id,name,advertising_channel_type,updated_at\nc1,Brand,SEARCH,2026-01-01\n",
        },
    )
    assert store.rows(SPEND) == [("2026-01-01", "Paid search", "Brand", 3.0, None, 30, 3)]
    load(
        store,
        write(
            tmp_path,
            "campaign_stats.csv",
            "date,id,base_campaign,cost_micros,impressions,clicks,device\n2026-01-01,c1,x,3500000,35,3,MOBILE\n",
        ),
    )
    assert store.rows(SPEND) == [("2026-01-01", "Paid search", "Brand", 3.5, None, 35, 3)]


def test_googles_api_and_its_own_export_say_the_same(tmp_path: Path) -> None:
    page = {"results": [{"campaign": {"id": "7", "name": "Brand"}, "segments": {"date": "2026-01-01", "device": "DESKTOP"},
                         "metrics": {"costMicros": "2500000", "impressions": "100", "clicks": "5"}}], "fieldMask": "x"}  # fmt: skip
    store = taken(tmp_path, {"search.json": json.dumps([page])})
    assert store.rows(SPEND) == [("2026-01-01", "Paid search", "Brand", 2.5, None, 100, 5)]
    export = "Campaign,Day,Currency code,Cost,Impr.,Clicks\nBrand,2026-01-02,EUR,2.50,100,5\n"
    store = taken(tmp_path, {"report.csv": export})
    assert store.rows(SPEND) == [("2026-01-02", "Paid search", "Brand", 2.5, "EUR", 100, 5)]


def test_metas_ads_are_told_by_their_campaign_whenever_its_name_comes(tmp_path: Path) -> None:
    files = {
        "basic_ad.csv": "ad_id,date,account_id,impressions,inline_link_clicks,spend,reach\n9,2026-01-01,1,100,4,7.5,90\n",
        "ad_history.csv": "id,account_id,ad_set_id,campaign_id,name,updated_time\n9,1,8,7,v1,2026-01-01\n",
        "campaign_history.csv": "id,account_id,name,updated_time\n7,1,Spring,2026-01-01\n",
    }
    for order in (list(files), list(reversed(files))):
        store = taken(tmp_path, {name: files[name] for name in order})
        assert store.rows(SPEND) == [("2026-01-01", "Paid social", "Spring", 7.5, None, 100, 4)]


def test_metas_own_export_and_linkedins_api_are_read(tmp_path: Path) -> None:
    export = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Impressions,Link clicks\n2026-01-01,2026-01-01,Spring,12.5,1000,30\n"
    api = {"elements": [{"dateRange": {"start": {"year": 2026, "month": 1, "day": 2}, "end": {"year": 2026, "month": 1, "day": 2}},
                         "pivotValues": ["urn:li:sponsoredCampaign:77"], "costInLocalCurrency": "3.5", "impressions": 50, "clicks": 2}],
           "paging": {"start": 0, "count": 10, "links": []}}  # fmt: skip
    store = taken(tmp_path, {"meta.csv": export, "analytics.json": json.dumps(api)})
    assert store.rows(SPEND) == [
        ("2026-01-01", "Paid social", "Spring", 12.5, None, 1000, 30),
        ("2026-01-02", "Paid social", "campaign 77", 3.5, None, 50, 2),
    ]


def test_a_corrected_day_replaces_the_earlier_one_in_either_order(tmp_path: Path) -> None:
    head = "date,id,base_campaign,cost_micros,impressions,clicks,device,_fivetran_synced\n"
    early = head + "2026-01-01,c1,x,1000000,100,9,MOBILE,2026-01-02 00:00:00\n"
    late = (
        head + "2026-01-01,c1,x,1500000,95,8,MOBILE,2026-01-05 00:00:00\n"
    )  # invalid clicks taken back
    for order in ((early, late), (late, early)):
        store = taken(tmp_path, {f"campaign_stats_{n}.csv": text for n, text in enumerate(order)})
        assert [row[3:] for row in store.rows(SPEND)] == [(1.5, None, 95, 8)]
