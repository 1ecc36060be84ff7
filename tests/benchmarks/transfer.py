"""What a phone loads for each page with an empty cache: everything, compressed as sent, fonts included."""

from collections.abc import Iterator

from django.contrib.admin import site as admin_site
from django.urls import reverse
from playwright.sync_api import Browser, sync_playwright

from agencies.models import Agency, User
from commitments import dates
from commitments.publishing import verbs as publishing
from tests.benchmarks import stage
from tests.benchmarks.load import Server
from tests.benchmarks.paper import CHROMIUM
from tests.benchmarks.report import Figure
from tests.factories import (
    holder_of,
    make_action,
    make_agency,
    make_criterion,
    make_evidence,
    make_focal_point,
    make_framework,
    make_membership,
    make_plan,
    make_report,
    make_user,
)

LIMIT, DOCUMENSO_KB = 150, 5600  # kB
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def measure(server: Server) -> Iterator[Figure]:
    pages = [(name, stage.cookies_of(person) if person else "", path) for name, person, path in _pages()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, cookies, path in pages:
            yield from _figures(name, *_load(browser, server.port, cookies, path))
        browser.close()


def _figures(name: str, kilobytes: float, files: int) -> Iterator[Figure]:
    detail = {"kB": kilobytes, "files": files}
    yield Figure("transfer", f"{name}, cold", kilobytes / LIMIT, f"× {LIMIT} kB", "≤ 1", detail)
    if name == "sign":
        quotient = kilobytes / DOCUMENSO_KB
        yield Figure("transfer", "signing page, of Documenso's measured 5.6 MB", quotient, "×", "", detail)


def _pages() -> Iterator[tuple[str, User | None, str]]:
    declaration = stage.declaration_with(stage.posts(75))
    slots = list(declaration.signatories.in_protocol_order())
    signatures = stage.sign_all(declaration)
    other = stage.declaration_with([slots[0].position])
    signer, reviewer, admin = holder_of(slots[0]), make_user("reviewer"), make_user("admin")
    operator = make_membership(agency=slots[0].position.agency).user
    to_sign = other.signatories.get().pk
    closed = stage.declaration_with([slots[1].position])
    publishing.withdraw(closed, reason="Contoh.", by=admin)

    def at(name: str, *args: object) -> str:
        return reverse(f"commitments:{name}", args=args)

    yield "landing", None, at("landing")
    yield "login", None, reverse("account_login")
    yield "verify", None, at("verify_code", declaration.code)
    yield "tasks", signer, at("tasks")
    yield "sign", signer, at("sign", to_sign)
    yield "receipt", signer, at("receipt", signatures[0].pk)
    yield "declaration", signer, at("declaration_detail", declaration.pk)
    yield "office", operator, at("office")
    yield "matrix, 75 posts", reviewer, at("matrix", declaration.pk)
    yield "queue, 75 waiting", reviewer, at("review_queue")
    yield "review", reviewer, at("review", signatures[0].pk)
    yield "accept several", reviewer, at("review_many")
    yield "print", reviewer, at("print_page", declaration.pk)
    yield "remind", admin, at("remind", other.pk)
    yield "withdrawn", admin, at("declaration_detail", closed.pk)
    yield "declarations", admin, at("declaration_list")
    yield "draft form", admin, at("declaration_new")
    yield "letterheads", admin, at("letterhead_list")
    yield "letterhead form", admin, at("letterhead_new")
    yield "calendar", admin, at("calendar")
    yield "matrix as a map", reviewer, at("matrix_map", declaration.pk)
    yield "sub-districts", admin, at("sub_district_list")
    yield "own password", admin, reverse("account_change_password")
    yield "lost password", None, reverse("account_reset_password")
    yield "criteria of points", admin, at("point_criteria", declaration.pk)
    yield from _follow_up(operator, reviewer, slots[0].position.agency)
    yield from ((name, admin, path) for name, path in _master_data(signer))


def _follow_up(operator: User, reviewer: User, agency: Agency) -> Iterator[tuple[str, User | None, str]]:
    """An office with a hundred actions, and the city as it stands with them."""
    year = dates.today().year
    criteria = [make_criterion(framework=make_framework(year=year)) for _number in range(7)]
    plan = make_plan(agency=agency, year=year)
    actions = [make_action(*criteria, plan=plan, by=operator) for _number in range(100)]
    make_action(plan=make_plan(agency=agency, year=year - 1), by=operator)
    for action in actions:
        make_focal_point(agency=make_agency())
        report = make_report(action, state="submitted", by=operator)
        make_evidence(action, state="submitted", by=operator)
    names = ("plan", "plan_history", "plan_copy", "action_new")
    yield from ((name, operator, reverse(f"commitments:{name}", args=[plan.pk])) for name in names)
    yield "plans", operator, reverse("commitments:plan_list")
    yield "action", operator, reverse("commitments:action_edit", args=[actions[0].pk])
    yield "report to write", operator, reverse("commitments:report", args=[actions[0].pk, 2])
    yield "report to decide", reviewer, reverse("commitments:report", args=[report.action_id, 1])
    yield "evidence", operator, reverse("commitments:evidence_list", args=[actions[0].pk])
    yield "reports waiting, 100", reviewer, reverse("commitments:report_queue")
    yield "evidence waiting, 100", reviewer, reverse("commitments:evidence_queue")
    yield "city, 100 offices", reviewer, reverse("commitments:city", args=[year])
    yield "focal points, 100", reviewer, reverse("commitments:focal_points")


def _master_data(signer: User) -> Iterator[tuple[str, str]]:
    """The index, every list and every empty form of the admin, an import, and one record."""
    yield "admin index", reverse("admin:index")
    for model in admin_site._registry:
        label = model._meta.label_lower.replace(".", "_")
        yield f"admin list: {label}", reverse(f"admin:{label}_changelist")
    for name in ("subdistrict", "agency", "position", "official", "tenure", "membership", "user"):
        yield f"admin form: {name}", reverse(f"admin:agencies_{name}_add")
    yield "admin import", reverse("admin:agencies_official_import")
    yield "admin record", reverse("admin:agencies_official_change", args=[signer.official.pk])


def _load(browser: Browser, port: int, cookies: str, path: str) -> tuple[float, int]:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    address = f"http://localhost:{port}"
    if cookies:
        pairs = (pair.split("=", 1) for pair in cookies.split("; "))
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in pairs])
    page = context.new_page()
    network = context.new_cdp_session(page)
    sizes: list[float] = []
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    answer = page.goto(address + path, wait_until="networkidle")
    assert answer is not None
    assert answer.ok, f"{path}: {answer.status}"
    context.close()
    return round(sum(sizes) / 1000, 1), len(sizes)
