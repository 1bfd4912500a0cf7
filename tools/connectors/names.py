"""How much a column's name says about its role, in the languages that exports come in.

A name is cut into words without accents (`KundenNr` -> kunden nr; `case:concept:name`). It speaks
for a role when one word is the role's and every other word only qualifies it: `user_id` is a
person, `user_cohort` is not.
"""

import re
import unicodedata

WORDS: dict[str, dict[float, str]] = {
    "person": {
        10: "user uid customer person kunde kunden kundin nutzer benutzer besucher cliente usuario "
        "utilisateur visitor visiteur visitante acheteur utente visitatore klant gebruiker bezoeker "
        "kund anvandare klient uzytkownik consumer shopper subscriber member mitglied buyer persona "
        "personne persoon abonne miembro socio asiakas kunder bruker bruger acquirente",
        10.5: "case caso cas fall zaak trace traza",
        9: "cookie individual patient paciente student learner "
        "player participant fullvisitor distinct anonymous client prospect lead contact kontakt guest",
        6: "email mail profile actor identity household account konto compte cuenta conto",
        7: "vorgang",
        5: "device browser fingerprint",
    },
    "time": {
        10: "time timestamp datetime ts tstamp timestmp zeit zeitpunkt zeitstempel horodatage "
        "tijdstip tijdstempel marcatemporal marca timestampms eventtime occurred tidpunkt",
        8: "date datum fecha data hora heure ora tijd tid uhrzeit zeitpkt moment instant when czas "
        "created epoch dato pvm dia jour day tag giorno stunde",
    },
    "event": {
        12: "touchpoint conceptname kontaktpunkt",
        10: "event activity ereignis aktivitat aktivitaet evento actividad evenement activite attivita "
        "gebeurtenis activiteit handelse aktivitet hendelse atividade zdarzenie tapahtuma",
        9: "action aktion accion azione actie behavior behaviour verhalten comportamiento touch acao "
        "handlung tatigkeit taetigkeit",
        7: "interaction interaktion interaccion interazione page screen step seite pagina etape paso "
        "schritt vorgang operation task verb stage phase fase aufgabe tarea tache bildschirm pantalla ecran",
        5: "what happened did doing que quoi cosa wat",
        4: "url path uri view",
        3: "type kind category typ art tipo categoria kategorie categorie name nombre nom nome",
        2: "status state zustand estado etat",
    },
    "session": {
        10: "session sitzung sesion sessao sessione sessie gasession sid",
        8: "visit besuch visita visite",
    },
    "channel": {
        10: "channel kanal canal canale kanaal channelgroup channelgrouping",
        7: "medium trafficsource mediumsource",
        6: "source quelle fuente origen fonte herkunft bron",
    },
    "campaign": {
        10: "campaign kampagne campana campagne campagna campanha kampanj kampanja cmp utmcampaign"
    },
    "value": {
        10: "revenue umsatz ingresos ingreso chiffre omzet ricavo receita",
        9: "value wert valor valeur valore waarde",
        8: "amount betrag importe monto montant importo bedrag",
        6: "price preis precio prix prezzo prijs",
        5: "total summe gmv",
    },
    "currency": {10: "currency wahrung waehrung moneda devise moneta valuta waluta"},
    "conversion": {
        10: "conversion converted conv konversion konvertiert conversie conversione conversao "
        "convertido converti",
        7: "purchase purchased bought ordered gekauft compra comprado achat achete acquisto",
    },
    "index": {10: "index unnamed row rownum rownumber rowid idx line zeile fila ligne"},
}
ARTICLES = "de del de la du d des der die das le la el do da of the"
ID_WORDS = (
    "id ids uuid guid key no nr num number nummer numero code codigo hash hashed pseudo identifier "
    "identifiant identificador identificativo kennung ref reference full unique distinct master "
    "global internal external anonymous anon domain network crm web encrypted masked concept "
)
QUALIFIERS: dict[str, str] = {
    "person": ID_WORDS + "user customer visitor name",
    "time": "event at on utc gmt local server client complete start started begin hit visit click "
    "action order purchase purchased created recorded logged received derived collector dvce ms millis sec "
    "seconds micros unix iso stamp string str ereignis evento time timestamp date hora heure zeit y "
    "e und et page session request activity case trigger log entry",
    "event": "name type title path label nombre nom nome typ art tipo bezeichnung user concept url "
    "category desc description page event view customer web aktion",
    "session": ID_WORDS.replace(" no nr num number nummer numero", "") + "ga visit user domain web",
    "channel": "acquisition marketing traffic utm default group grouping name type mkt refr first "
    "source medium adquisicion acquisizione gruppe grupo erwerb sales media ad session collected",
    "campaign": "name id utm mkt marketing ad code bezeichnung",
    "value": "conversion event order purchase total usd eur gbp in transaction net gross item unit "
    "tr cart bestell pedido commande konversions umsatz sales monetary konversion conversione "
    "importe",
    "currency": "code iso tr order event",
    "conversion": "is has flag did conversion event ist bool",
    "index": "number id column 0 1",
}
SHIFTS = {"name": 1.0, "type": -0.5, "title": -1.0, "label": -3.0, "category": -3.0, "url": -3.0,
          "path": -1.0, "desc": -2.0, "description": -2.0, "start": -0.5, "begin": -0.5, "client": -0.5,
          "received": -2.0, "dvce": -2.0, "collector": -1.0, "refr": -2.0, "code": -0.5}  # fmt: skip
SUFFIX = re.compile(
    r"(?:id|nr|no|nummer|number|key|code|uuid|guid|hash|name|kennung|typ|type|time|zeit)$"
)
PREFIX = re.compile(r"^(?:id|full|is)")


def words(name: str) -> list[str]:
    """Cut a column's name into lower-case words without accents."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return re.sub(r"[\W_]+", " ", plain).casefold().split()


def name_score(role: str, name: str) -> float:
    """Return 0 for a name that says nothing of the role, up to about 12 for one that says it all."""
    told = [word for word in words(name) if word not in ARTICLES.split()]
    if told[-2:] == ["concept", "name"]:
        told = [*told[:-2], "conceptname"]
        if role == "person":
            told = told[:-1]
    qualifiers = set(QUALIFIERS[role].split())
    known = {word: score for score, listed in WORDS[role].items() for word in listed.split()}
    best = 0.0
    for position, word in enumerate(told):
        score = max((known.get(form, 0.0) for form in _forms(word)), default=0.0)
        others = told[:position] + told[position + 1 :]
        if score and all(_qualifies(other, qualifiers) for other in others):
            shifts = sum(SHIFTS.get(other, 0.0) for other in others)
            best = max(best, score + shifts - 0.1 * max(len(others) - 1, 0))
    return best


def _forms(word: str) -> list[str]:
    """A word as it stands, and without the id-like ends that languages glue on."""
    forms = [word]
    for cut in (SUFFIX.sub("", word), PREFIX.sub("", word), PREFIX.sub("", SUFFIX.sub("", word))):
        if cut != word and len(cut) > 2:
            forms += [cut, cut.removesuffix("n"), cut.removesuffix("s")]
    return forms


def _qualifies(word: str, qualifiers: set[str]) -> bool:
    return word in qualifiers or word.isdigit()
