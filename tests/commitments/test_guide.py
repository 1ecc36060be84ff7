"""The guide: every role's page answers, is led to from every foot, and quotes only what really stands on the pages."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image

from agencies.kinds import Capacity
from commitments import dates
from commitments.guide.views import ROLES
from commitments.models import Document
from tests.factories import (
    holder_of,
    make_action,
    make_declaration,
    make_evidence,
    make_membership,
    make_plan,
    make_position,
    make_report,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
GUIDE = "/petunjuk/"
ADDRESSES = [GUIDE, *(f"{GUIDE}{role}/" for role in ROLES)]
PICTURE_BYTES = 60_000
QUOTE = re.compile(r'<b data-page="(\w+)">(.*?)</b>')


class Words(HTMLParser):
    """Every piece of text that stands by itself on a page, and the labels of its buttons."""

    def __init__(self, page: str):
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_data(self, data):
        text = " ".join(data.split())
        self.found |= {text, re.sub(r"\s*\d+$", "", text)}  # "Ingatkan 3" is the button "Ingatkan"

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "input" and values.get("type") == "submit":
            self.found.add(values["value"] or "")


# --- It answers


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_answers_without_login_script_or_query(client, django_assert_num_queries, address):
    with django_assert_num_queries(0):
        page = client.get(address)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.text.count("<h1>") == 1


def test_the_guide_leads_to_every_role_and_each_role_to_the_others(client):
    everybody = {f"{GUIDE}{role}/" for role in ROLES}
    for address in ADDRESSES:
        links = set(re.findall(rf'href="({GUIDE}[^"]*/)"', client.get(address).text))
        assert links - {GUIDE} == everybody - {address}


def test_a_role_that_does_not_exist_is_not_found(client):
    assert client.get(f"{GUIDE}walikota/").status_code == 404


@pytest.mark.parametrize(
    ("person", "address"),
    [
        (None, "/"),
        (None, "/akun/masuk/"),
        (None, "/v/"),
        (None, "/tidak-ada/"),
        (None, "/?q=%00"),
        ("admin", "/tugas/"),
        ("admin", "/tidak-ada/"),
        ("admin", "/admin/"),
        ("admin", "/admin/agencies/position/"),
        ("monitor", "/pemeriksaan/"),
    ],
)
def test_the_foot_leads_to_the_guide(client, person, address):
    if person:
        client.force_login(make_user(person))
    foot = client.get(address).text.rpartition("<footer")[2]
    assert f'<a href="{GUIDE}">Petunjuk</a>' in foot


def test_the_login_page_offers_the_guide(client):
    main = client.get("/akun/masuk/").text.partition("<main")[2].partition("</main>")[0]
    assert f'href="{GUIDE}"' in main


# --- Its pictures


@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_each_picture_exists_has_its_size_and_waits_until_it_is_near(client, address):
    tags = re.findall(r"<img [^>]*>", client.get(address).text)
    assert tags
    for tag in tags:
        values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        file = finders.find(values["src"].removeprefix(settings.STATIC_URL))
        assert file, values["src"]
        assert Path(file).stat().st_size <= PICTURE_BYTES
        with Image.open(file) as picture:
            assert (int(values["width"]), int(values["height"])) == picture.size
        assert values["loading"] == "lazy"
        assert values["alt"]


def test_no_picture_is_left_over(client):
    used = {
        name
        for address in ADDRESSES
        for name in re.findall(r"guide/([\w-]+\.webp)", client.get(address).text)
    }
    assert used == {path.name for path in (ROOT / "static/guide").iterdir()}


def test_its_numbers_are_those_of_the_settings(client):
    """24 hours, six mistakes, five minutes, twelve hours: said in words, so told here."""
    page = client.get(GUIDE).text
    assert ("berlaku 24 jam" in page, settings.PASSWORD_RESET_TIMEOUT) == (True, 24 * 3600)
    limit = settings.ACCOUNT_RATE_LIMITS["login_failed"]
    assert ("enam kali keliru, akun ditahan lima menit" in page, limit) == (True, "6/5m/key")
    assert ("dua belas jam" in page, settings.SESSION_COOKIE_AGE) == (True, 12 * 3600)


# --- What it quotes


@pytest.fixture
def scene():
    """Person by role, and what each may look at: name of the page → its addresses."""
    office = make_tenure().position
    position = make_position(agency=office.agency)
    acting = make_tenure(position=position, capacity=Capacity.PLT)
    positions = [make_tenure().position for _ in range(4)]
    declaration = make_declaration(positions=[office, position, *positions])
    slots = {slot.position_id: slot for slot in declaration.signatories.all()}
    signature = make_signature(slots[positions[0].pk])
    make_signature(slots[positions[1].pk])
    make_signature(slots[positions[2].pk], state="accepted")
    returned = make_signature(slots[office.pk], state="returned")
    closed, draft, issued = (make_declaration(state=state) for state in ("closed", "draft", "closed"))
    paper = {"size": 1, "pages": 1, "file": "final.pdf", "sha256": "0" * 64, "head_sequence": 1}
    values = {"page_size": "f4", "issued_by": issued.created_by, "issued_at": issued.closed_at}
    Document.objects.create(declaration=issued, kind="declaration", head_hash="0" * 64, **paper, **values)
    return {
        "declaration": declaration,
        "closed": closed,
        "draft": draft,
        "issued": issued,
        "signature": signature,
        "returned": returned.signatory,
        "acting": (acting, slots[position.pk]),
        "waiting": slots[positions[3].pk],
        "office": office.agency,
        **_follow_up(office.agency),
    }


def _follow_up(agency) -> dict:
    """A plan with a report that waits and one that may be written, and evidence that waits and one that may go in."""
    action = make_action(plan=make_plan(agency=agency, year=dates.today().year))
    make_evidence(action)
    make_report(action, state="submitted")
    make_evidence(action, state="submitted")
    return {"action": action}


def pages_of(role: str, scene: dict) -> dict[str, list[tuple]]:
    """Name of a page → (person, address) of each example of it."""
    pk, signature = scene["declaration"].pk, scene["signature"]
    public = {
        "landing": [(None, "/")],
        "verify": [(None, "/v/")],
        "account_login": [(None, "/akun/masuk/")],
        "account_reset_password": [(None, "/akun/kata-sandi/lupa/")],
    }
    of_declaration = {name: [reverse(f"commitments:{name}", args=[pk])] for name in ("matrix", "remind")}
    drafts = ["draft"] if role == "administrator" else []
    of_all = [scene[name].pk for name in ("declaration", "closed", "issued", *drafts)]
    for name in ("declaration_detail", "print_page"):
        of_declaration[name] = [reverse(f"commitments:{name}", args=[each]) for each in of_all]
    plain = ("tasks", "declaration_list", "declaration_new", "review_queue", "review_many", "office")
    of_declaration |= {name: [reverse(f"commitments:{name}")] for name in plain}
    of_declaration["invite"] = [reverse("commitments:invite", args=[scene["waiting"].pk])]
    of_declaration["review"] = [reverse("commitments:review", args=[signature.pk])]
    admin = {
        "admin_index": [reverse("admin:index")],
        "admin_position": [reverse("admin:agencies_position_change", args=[signature.signatory.position_id])],
        "admin_user": [reverse("admin:agencies_user_change", args=[signature.user_id])],
        "security": ["/akun/keamanan/"],
        "app": ["/akun/keamanan/aplikasi/"],
        "admin_mail": [reverse("admin:commitments_outgoingmail_changelist")],
    }
    action = scene["action"]
    follow_up = {
        "plan_list": [reverse("commitments:plan_list")],
        "plan": [reverse("commitments:plan", args=[action.plan_id])],
        "report": [reverse("commitments:report", args=[action.pk, quarter]) for quarter in (1, 2)],
        "report_waiting": [reverse("commitments:report", args=[action.pk, 1])],
        "evidence_list": [reverse("commitments:evidence_list", args=[action.pk])],
        "city": [reverse("commitments:city", args=[action.plan.year])],
    }
    everything = of_declaration | admin | follow_up

    def seen_by(person, names) -> dict[str, list[tuple]]:
        return {name: [(person, address) for address in everything[name]] for name in names}

    if role == "operator":
        person = make_membership(agency=scene["office"]).user
        return public | seen_by(
            person, ["office", "declaration_list", "plan_list", "plan", "report", "evidence_list"]
        )
    own = ["security", "app"]
    if role == "peninjau":
        names = [*own, "review_queue", "review_many", "review", "matrix", "invite"]
        names += ["plan_list", "report_waiting", "evidence_list"]
        return public | seen_by(make_user("reviewer"), names)
    if role == "administrator":
        return public | seen_by(make_user("admin"), everything.keys() - {"report"})
    if role == "pemantau":
        names = ["declaration_list", "declaration_detail", "matrix", "print_page", "plan_list", "city"]
        return public | seen_by(make_user("monitor"), names)
    acting, acting_slot = scene["acting"]
    signers = [
        holder_of(scene["waiting"]),
        holder_of(scene["returned"]),
        acting.official.user,
        signature.user,
    ]
    return public | {
        "tasks": [(signer, "/tugas/") for signer in signers],
        "sign": [(acting.official.user, reverse("commitments:sign", args=[acting_slot.pk]))],
        "receipt": [(signature.user, reverse("commitments:receipt", args=[signature.pk]))],
    }


def words_on(client, person, address, language) -> set[str]:
    client.logout()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if person:
        client.force_login(person)
    page = client.get(address)
    assert page.status_code == 200, address
    return Words(page.text).found


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_word_it_quotes_stands_on_the_page_it_speaks_of(client, scene, role, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    guide = client.get(f"{GUIDE}{role}/" if role else GUIDE).text
    pages = pages_of(role or "penanda-tangan", scene)
    quotes = {(page, " ".join(text.split())) for page, text in QUOTE.findall(guide)}
    assert len(quotes) >= 5
    words: dict[str, set[str]] = {}
    lies = []
    for page, text in sorted(quotes):
        if page not in words:
            words[page] = set().union(*(words_on(client, *one, language) for one in pages[page]))
        if text not in words[page]:
            lies.append((page, text))
    assert lies == []
