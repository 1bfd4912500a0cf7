"""Salesforce: SOQL over what changed since, with the address of the next part.

Source: developer.salesforce.com, "REST API: Query" (nextRecordsUrl; SystemModstamp; queryAll has the
deleted ones too), "OAuth 2.0 client credentials flow".
"""

from datetime import timedelta

from tools.pulling.api import Api, Endpoint, NextLink, Since, Token


def _query(name: str, of: str, fields: str) -> Endpoint:
    return Endpoint(
        name,
        "services/data/v{version}/queryAll",
        records="records",
        params={
            "q": f"SELECT Id, {fields}, SystemModstamp FROM {of} "
            "WHERE SystemModstamp >= {since:iso} ORDER BY SystemModstamp"
        },
        paging=NextLink("nextRecordsUrl"),
        since=Since("SystemModstamp", lookback=timedelta(minutes=5)),
        key="Id",
    )


API = Api(
    "salesforce",
    "https://{domain}.my.salesforce.com",
    Token("/services/oauth2/token", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"),
    (
        _query(
            "Lead",
            "Lead",
            "FirstName, LastName, Email, Phone, Company, Title, Industry, Country, LeadSource, Status, IsConverted, ConvertedDate, ConvertedContactId, ConvertedAccountId, ConvertedOpportunityId, CreatedDate, IsDeleted",
        ),
        _query(
            "Contact",
            "Contact",
            "FirstName, LastName, Email, Phone, Title, AccountId, LeadSource, MailingCountry, CreatedDate, IsDeleted",
        ),
        _query(
            "Account",
            "Account",
            "Name, Website, Industry, NumberOfEmployees, AnnualRevenue, Type, BillingCountry, CreatedDate, IsDeleted",
        ),
        _query(
            "Opportunity",
            "Opportunity",
            "Name, AccountId, StageName, Amount, Probability, CloseDate, IsClosed, IsWon, LeadSource, CampaignId, Description, CreatedDate, IsDeleted",
        ),
        _query(
            "OpportunityHistory",
            "OpportunityHistory",
            "OpportunityId, StageName, Amount, Probability, CloseDate, CreatedDate, IsDeleted",
        ),
        _query(
            "OpportunityContactRole",
            "OpportunityContactRole",
            "OpportunityId, ContactId, Role, IsPrimary, CreatedDate, IsDeleted",
        ),
        _query(
            "Task",
            "Task",
            "WhoId, WhatId, AccountId, Subject, Description, Status, Type, TaskSubtype, ActivityDate, CreatedDate, IsDeleted",
        ),
        _query(
            "Event",
            "Event",
            "WhoId, WhatId, AccountId, Subject, Description, Type, StartDateTime, ActivityDateTime, CreatedDate, IsDeleted",
        ),
        _query(
            "Campaign", "Campaign", "Name, Type, Status, StartDate, EndDate, CreatedDate, IsDeleted"
        ),
        _query(
            "CampaignMember",
            "CampaignMember",
            "CampaignId, LeadId, ContactId, Status, HasResponded, FirstRespondedDate, CreatedDate, IsDeleted",
        ),
    ),
    settings=("domain",),
    defaults={"version": "65.0"},
)
