"""What people write: tickets and deal notes, put together from parts, and email subjects."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of ticket or note, as text with one of several openings and endings around it."""

    mood: str
    """Who writes it: `leaves`, `stays`, `stuck` (in the sign-up form on a phone), `lost`, `won`."""
    subject: str
    body: str


OPENINGS = (
    "Hi team,",
    "Hello,",
    "Hi there, quick question:",
    "Good morning,",
    "Hey,",
    "Hi, writing on behalf of our team.",
)
ENDINGS = (
    "Thanks in advance.",
    "Could you let me know today?",
    'My colleague called it "the last open point" on our side.',
    "Best regards",
    "We have a meeting about this on Thursday.",
    "Thank you!",
)
TOPICS = (
    Topic(
        "leaves",
        "Price per seat",
        "the price per seat is too expensive for us once we add the whole team, is there a cheaper plan?",
    ),
    Topic(
        "leaves",
        "Cost for viewers",
        "we would have to pay a full seat for people who only view reports. That is hard to justify in our budget.",
    ),
    Topic(
        "leaves",
        "Single sign-on",
        "our security team needs single sign-on with Okta and SAML, and I can only find SSO in the Business plan.",
    ),
    Topic(
        "leaves",
        "Import fails",
        "the CSV import fails at 40% every time with a timeout error, so I cannot get our own data in.",
    ),
    Topic(
        "leaves",
        "Slow dashboards",
        "dashboards take almost a minute to load with our data, which is too slow to show to the board.",
    ),
    Topic(
        "leaves",
        "Missing connector",
        "is there a Salesforce connector planned? Without it the trial does not tell us much.",
    ),
    Topic(
        "leaves",
        "Cancel trial",
        "please cancel our trial, we decided to stay with spreadsheets for now, the price was the reason.",
    ),
    Topic(
        "stays", "Invoice details", "can you put our VAT number and purchase order on the invoice?"
    ),
    Topic(
        "stays",
        "How to share",
        "how do I share a report with a client as a link, without an account?",
    ),
    Topic("stays", "Scheduled report", "can a report be sent every Monday at 8 to the whole team?"),
    Topic(
        "stays",
        "Invite limit",
        "I would like to invite 12 more colleagues, do I have to do that one by one?",
    ),
    Topic("stays", "Colours", "is it possible to use our brand colours in the charts?"),
    Topic(
        "stays",
        "Export to Excel",
        "where do I find the export to Excel? I had seen it in the webinar.",
    ),
    Topic(
        "stuck",
        "Sign-up form on phone",
        "I am stuck at company details on my phone: the form does not scroll and the continue button stays hidden.",
    ),
    Topic(
        "stuck",
        "Cannot continue on mobile",
        "the company size field closes the keyboard on my iPhone and the sign-up page jumps back to the top.",
    ),
    Topic(
        "lost",
        "",
        "Went quiet after the pricing page. Said the price per seat does not work for a team with many viewers.",
    ),
    Topic(
        "lost",
        "",
        "No budget this quarter. Compared us with a cheaper tool, had not seen any customer reference before the price.",
    ),
    Topic(
        "lost",
        "",
        "Needs SSO in the Team plan. Legal asked for a data processing agreement, then no answer.",
    ),
    Topic("lost", "", "Champion left the company. Timing, ask again next year."),
    Topic(
        "won",
        "",
        "Case study from their industry convinced the head of operations. Started on the Team plan.",
    ),
    Topic("won", "", "Liked the onboarding call and the tips by email. Security review passed."),
    Topic("won", "", "Rolled out to a second team after the trial. Wants the Excel export next."),
)
TRIAL_SUBJECTS = (
    "Three reports your team will open every Monday",
    "Your first project is set up: what next?",
    "Invite one colleague, save an hour a week",
    "See what others built with their data",
)
DIGEST_SUBJECTS = (
    "The reporting digest",
    "How Brightfield cut reporting time by half",
    "New: scheduled reports and Excel export",
    "What 200 teams measure every week",
)
FIRST_NAMES = (
    "Anna",
    "Ben",
    "Carla",
    "David",
    "Elif",
    "Femke",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kavya",
    "Liam",
    "Maria",
    "Noah",
    "Olivia",
    "Paul",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
    "Uma",
    "Victor",
    "Wendy",
    "Xavier",
    "Yara",
    "Zoe",
)
LAST_NAMES = (
    "Adams",
    "Berg",
    "Costa",
    "Dubois",
    "Evans",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ito",
    "Jensen",
    "Keller",
    "Lopez",
    "Meyer",
    "Nguyen",
    "Okafor",
    "Patel",
    "Quist",
    "Rossi",
    "Smith",
    "Tanaka",
    "Ueda",
    "Vermeer",
    "Weber",
    "Young",
    "Ziegler",
)
COMPANY_FIRST = (
    "Bright",
    "North",
    "Clear",
    "Red",
    "Silver",
    "Oak",
    "River",
    "Stone",
    "Blue",
    "Green",
    "High",
    "Iron",
    "Lake",
    "Maple",
    "Sun",
    "Harbor",
)
COMPANY_LAST = (
    "field",
    "wind",
    "path",
    "gate",
    "works",
    "bridge",
    "labs",
    "media",
    "foods",
    "care",
    "soft",
    "press",
    "trade",
    "line",
    "forge",
    "point",
)
JOBS = {
    "Marketing": ("Head of Marketing", "Marketing Manager", "Growth Manager"),
    "Operations": ("Operations Manager", "COO", "Head of Operations"),
    "Founder": ("Founder", "CEO", "Managing Director"),
    "Analyst": ("Data Analyst", "BI Lead", "Controller"),
    "IT": ("IT Manager", "Systems Engineer", "CTO"),
}
