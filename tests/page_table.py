"""Every page in every state, once: what the browser looks at (tests/browser/test_pages.py) and what the checker of
HTML reads (test_markup.py). An address that answers HTML and is not here fails test_markup.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, get_resolver, reverse

from commitments.guide.views import ROLES
from tests.page_scenes import OFFICE, WORD, Scene


@dataclass(frozen=True)
class Look:
    """One page as one person sees it. `ids` names what stands in its address (Scene.ids).

    `sent` is a form that is sent there, `times` times, from the page `at` (or from the page itself), and `file` one of
    Scene.files, sent by the page's own form; the page looked at is the last answer, after redirects.
    """

    name: str
    who: str = "admin"
    scene: str = "full"
    ids: str = ""
    query: str = ""
    status: int = 200
    sent: dict[str, Any] | None = None
    file: str = ""
    at: str = ""
    at_ids: str = ""  # in place of `ids`, where the page has another address
    token: bool = True
    times: int = 1
    path: str = ""  # in place of `name`, for what has no name

    def __str__(self) -> str:
        state = self.file or ("sent" if self.sent is not None else self.query)
        return " ".join(
            part for part in (self.scene, self.who, self.name or self.path, self.ids, state) if part
        )

    def url(self, scene: Scene) -> str:
        return (self.path or reverse(self.name, args=scene.ids.get(self.ids, []))) + self.query

    def held_at(self, scene: Scene) -> str:
        return (
            reverse(self.at, args=scene.ids.get(self.at_ids or self.ids, [])) if self.at else self.url(scene)
        )


def c(name: str, **values: Any) -> Look:
    return Look(f"commitments:{name}", **values)


def refused(name: str, sent: dict | None = None, **values: Any) -> Look:
    return c(name, sent=sent or {}, status=422, **values)


EMPTY = [
    c("landing", who="nobody", scene="empty"),
    c("verify", who="nobody", scene="empty"),
    *[c(name, who="stranger", scene="empty") for name in ("tasks", "declaration_list", "calendar", "office")],
    c("sub_district_list", who="stranger", scene="empty"),
    *[
        c(name, who="stranger", scene="empty")
        for name in ("evidence_queue", "report_queue", "plan_list", "focal_points")
    ],
    *[
        c(name, scene="empty")
        for name in ("tasks", "declaration_list", "declaration_new", "letterhead_list", "focal_points")
    ],
    *[c(name, scene="empty") for name in ("letterhead_new", "review_queue", "review_many", "office")],
    refused("declaration_new", scene="empty"),
    c("declaration_list", who="reviewer", scene="empty"),
    Look("admin:index", scene="empty"),
]
NO_SEAL = [
    Look("admin:index", scene="no_seal"),
    *[c(name, scene="no_seal", ids="opened") for name in ("matrix", "matrix_map", "print_page")],
    *[c("print_page", who=who, scene="no_seal", ids="closed") for who in ("admin", "reviewer", "monitor")],
    c("paper_again", scene="no_seal", ids="closed", sent={"unsealed": "1"}, at="commitments:print_page"),
]
PUBLIC = [
    c("landing", who="nobody"),
    c("verify", who="nobody"),
    c("verify", who="nobody", query="?kode=salah", status=404),
    c("verify", who="nobody", query=f"?kode={WORD}", status=404),
    Look("", path="/v/000000000", who="nobody", status=404),
    *[
        c("verify_code", who="nobody", ids=f"{state}_code")
        for state in ("open", "closed", "withdrawn", "superseded")
    ],
    c("check_file", who="nobody"),
    refused("check_file", who="nobody"),
    *[
        c("check_file", who="nobody", file=name)
        for name in ("exact", "resaved", "changed", "damaged", "locked", "draft", "strange", "unreadable")
    ],
    c("guide", who="nobody"),
    *[c("guide_role", who="nobody", path=f"/petunjuk/{role}/") for role in ROLES],
    c("guide_role", who="nobody", path="/petunjuk/tidak-ada/", status=404),
    c("privacy", who="nobody"),
    Look("account_login", who="nobody"),
    Look("account_login", who="nobody", sent={}, status=422),
    Look("account_login", who="nobody", sent={"login": WORD, "password": "x"}, status=422),
    Look("account_reset_password", who="nobody"),
    Look("account_reset_password", who="nobody", sent={"email": "x"}, status=422),
    Look("account_reset_password", who="nobody", sent={"email": "a@contoh.example"}, times=4, status=429),
    Look("account_reset_password_done", who="nobody"),
    Look("account_reset_password_from_key", who="nobody", ids="reset"),
    Look("account_reset_password_from_key", who="nobody", path="/akun/kata-sandi/baru/1-x/"),
    Look("account_reset_password_from_key_done", who="nobody"),
    Look("account_inactive", who="nobody"),
    Look("", path="/", query="?a=%00", who="nobody", status=400),
    Look("", path="/tidak-ada/", who="nobody", status=404),
    Look("", path="/rusak/", who="nobody", status=500),
    Look("account_login", who="nobody", sent={"login": "x"}, token=False, status=403),
    c("letter", who="nobody", ids="letter"),
    c("letter", ids="letter"),
    c("door", who="nobody"),
    refused("door", who="nobody"),
    c("door_code", who="before_code"),
    refused("door_code", who="before_code"),
    c("door_sign", who="by_link"),
    refused("door_sign", who="by_link"),
    refused("door_decline", who="by_link", at="commitments:door_sign"),
    c("door_sign", who="hosted"),
    c("door_done", who="done"),
]
SIGNER = [
    c("tasks", who="signer"),
    c("tasks", who="accepted"),
    c("tasks", who="decliner"),
    c("sign", who="waiting", ids="waiting_slot"),
    c("sign", who="signer", ids="returned_slot"),
    c("sign", who="decliner", ids="declined_slot"),
    refused("sign", who="waiting", ids="waiting_slot"),
    refused("sign", {"method": "typed", "typed_name": WORD * 3}, who="waiting", ids="waiting_slot"),
    refused("sign", {"method": "drawn", "drawing": "x"}, who="waiting", ids="waiting_slot"),
    refused("decline", who="waiting", ids="waiting_slot", at="commitments:sign"),
    refused("decline", {"reason": WORD * 12}, who="waiting", ids="waiting_slot", at="commitments:sign"),
    c("receipt", who="signer", ids="returned"),
    c("receipt", who="accepted", ids="accepted"),
    c("declaration_detail", who="signer", ids="opened"),
    c("print_page", who="signer", ids="opened"),
    c("print_page", who="signer", ids="closed"),
    c("declaration_list", who="signer"),
    c("calendar", who="signer"),
    c("review_queue", who="signer", status=403),
    c(
        "decline",
        who="waiting",
        ids="waiting_slot",
        sent={"reason": "Belum membaca naskah."},
        at="commitments:sign",
    ),
    c("office", who="operator"),
    c("declaration_detail", who="operator", ids="opened"),
    c("print_page", who="operator", ids="closed"),
    c("sub_district_list", who="operator"),
    c("sub_district", who="operator", ids="place"),
]
STAFF = [
    *[c(name, who="monitor", ids="opened") for name in ("matrix", "matrix_map", "declaration_detail")],
    c("matrix", who="reviewer", ids="opened"),
    c("matrix", who="reviewer", ids="opened", query="?q=tidakada"),
    c("matrix_map", who="reviewer", ids="opened", query="?q=tidakada"),
    c("matrix", who="reviewer", ids="opened", query="?keadaan=returned"),
    c("review_queue", who="reviewer"),
    c("review_many", who="reviewer"),
    refused("review_many", who="reviewer"),
    *[c("review", who="reviewer", ids=ids) for ids in ("returned", "accepted", "drawn", "typed")],
    refused("review_return", who="reviewer", ids="drawn", at="commitments:review"),
    refused("review_return", {"note": WORD * 20}, who="reviewer", ids="drawn", at="commitments:review"),
    c("receipt", who="reviewer", ids="typed"),
    *[c("slot_history", who="monitor", ids=f"{state}_slot") for state in ("returned", "waiting", "declined")],
    c("ledger", who="monitor", ids="opened"),
    c("ledger", ids="opened", query="?periksa=1"),
    c("ledger", ids="opened", query="?page=2"),
    c("ledger", ids="tampered", query="?periksa=1"),
    c("review_accept", who="reviewer", ids="drawn", sent={}, at="commitments:review"),
    c("review_accept", who="reviewer", ids="drawn", sent={}, at="commitments:review"),  # too late
    c("issue_final", who="reviewer", ids="opened", status=405),
]
PREPARE = [
    c("declaration_list"),
    c("declaration_new"),
    refused("declaration_new", {"title": WORD * 8}),
    c("declaration_edit", ids="draft"),
    refused("declaration_edit", {"title": ""}, ids="draft"),
    *[c("declaration_detail", ids=ids) for ids in ("opened", "draft", "closed", "withdrawn", "superseded")],
    *[
        c("print_page", ids=ids)
        for ids in ("opened", "draft", "closed", "unissued", "withdrawn", "superseded")
    ],
    c("declaration_publish", ids="draft"),
    c("declaration_discard", ids="draft"),
    *[
        c(f"declaration_{name}", ids="opened")
        for name in ("close", "withdraw", "revise", "copy", "number", "add_slot")
    ],
    refused("declaration_close", {"confirm": "on"}, ids="opened"),
    refused("declaration_withdraw", ids="opened"),
    refused("declaration_copy", {"year": "1"}, ids="opened"),
    refused("declaration_number", {"number": WORD * 3}, ids="opened"),
    refused("declaration_add_slot", ids="opened"),
    *[c("invite", ids=f"{state}_slot") for state in ("invited", "waiting", "vacant", "returned")],
    c("invite", who="reviewer", ids="waiting_slot"),
    c("host", who="reviewer", ids="waiting_slot"),
    refused("host", who="reviewer", ids="waiting_slot"),
    c("host", who="reviewer", ids="vacant_slot"),
    c("scan", who="reviewer", ids="waiting_slot"),
    refused("scan", who="reviewer", ids="waiting_slot"),
    c("link_make", ids="vacant_slot", sent={}, at="commitments:invite"),
    c("link_end", ids="invited_slot", sent={}, at="commitments:invite"),
    c("slot_excuse", ids="excusable"),
    refused("slot_excuse", ids="excusable"),
    c("declaration_number", ids="opened", sent={"number": "100/1"}),
    c("remind", ids="opened"),
    refused("remind", ids="opened"),
    c("calendar"),
    c("letterhead_list"),
    c("letterhead_new"),
    c("letterhead_edit", ids="letterhead"),
    refused("letterhead_new"),
    refused("letterhead_new", {"name": "x", "line1": OFFICE * 2}),
    c("sub_district_list"),
    c("final_pdf", ids="unissued"),  # back to the printer's page, with a sentence
    *[
        c("print_page", ids=ids)
        for ids in ("working", "no_time", "failed", "stuck", "not_asked", "unsealed", "damaged")
    ],
    *[c("print_page", who="monitor", ids=ids) for ids in ("stuck", "not_asked")],
    c("paper_again", ids="failed", sent={}, at="commitments:print_page"),
    c("paper_again", ids="stuck", sent={"unsealed": "1"}, at="commitments:print_page"),  # there is a seal
    c("issue_final", ids="not_asked", sent={}, at="commitments:print_page"),
    c("final_pdf", ids="damaged", status=503),
    Look("account_change_password"),
    Look(
        "account_change_password", sent={"oldpassword": "x", "password1": "1", "password2": "2"}, status=422
    ),
    Look("account_logout"),
]
AT_PROVEN: dict[str, Any] = {"at": "commitments:evidence_list", "at_ids": "proven"}
PROVING = [
    *[c("evidence_queue", who=who) for who in ("operator", "reviewer")],
    *[c("evidence_list", who=who, ids="proven") for who in ("operator", "reviewer", "monitor")],
    *[c("evidence_list", who=who, ids="unproven") for who in ("operator", "monitor")],
    refused("evidence_list", who="operator", ids="proven"),
    *[
        c("evidence_edit", who="operator", ids=f"proof_{state}")
        for state in ("draft", "needs_work", "accepted")
    ],
    refused("evidence_edit", {"title": ""}, who="operator", ids="proof_draft"),
    refused("evidence_replace", who="operator", ids="proof_accepted", **AT_PROVEN),
    refused("evidence_accept", who="reviewer", ids="proof_submitted", **AT_PROVEN),
    refused("evidence_return", who="reviewer", ids="proof_submitted", **AT_PROVEN),
    c("evidence_submit", who="operator", ids="proof_draft", sent={}, **AT_PROVEN),
    c("evidence_submit_all", who="operator", ids="unproven", sent={}, at="commitments:evidence_list"),
    c(
        "evidence_accept",
        who="reviewer",
        ids="proof_draft",
        sent={"version": "1"},
        **AT_PROVEN,
    ),
]
OFFICE_PLAN = ("action_new", "plan_copy")
FOLLOW_UP = [
    *[c("plan_list", who=who) for who in ("operator", "reviewer", "stranger")],
    c("plan_list", who="monitor", query="?tahun=2025"),
    *[c(name, who=who, ids="plan") for name in ("plan", "plan_history") for who in ("operator", "monitor")],
    *[c(name, who="operator", ids="plan") for name in OFFICE_PLAN],
    *[refused(name, who="operator", ids="plan") for name in OFFICE_PLAN],
    c("plan_new", who="operator", ids="planned_office"),
    refused("plan_new", {"year": "1"}, who="operator", ids="planned_office"),
    c("plan_share", ids="plan"),
    c("point_criteria", ids="opened"),
    refused("point_criteria", {"butir-1": "9" * 30}, ids="opened"),
    *[c("focal_points", who=who) for who in ("admin", "operator", "monitor")],
    refused("plan_share", ids="plan"),
    c("action_edit", who="operator", ids="proven"),
    refused("action_edit", {"title": ""}, who="operator", ids="proven"),
    c("action_remove", who="operator", ids="unproven"),
    refused("action_remove", who="operator", ids="proven"),
    *[
        c("report", who=who, ids=f"report_{state}")
        for state in ("accepted", "needs_work", "submitted", "unsplit")
        for who in ("operator", "reviewer")
    ],
    c("report", who="operator", ids="report_draft"),
    c("report", who="operator", ids="report_none"),
    refused("report", {"men": "1", "ajukan": "1"}, who="operator", ids="report_none"),
    *[c("report_queue", who=who) for who in ("reviewer", "operator")],
    *[
        refused(
            name,
            who="reviewer",
            ids="report_submitted_decision",
            at="commitments:report",
            at_ids="report_submitted",
        )
        for name in ("report_accept", "report_return")
    ],
    *[c("city", who="monitor", ids=ids) for ids in ("city", "city_empty")],
    c("city", who="monitor", ids="city", query="?kerangka=lembar-kerja"),
    c("city_today", who="monitor"),
]
APP_CODE = {"code": "000000"}
SECURITY = [
    Look("mfa_index", who="without"),  # has to set one up
    Look("mfa_index"),
    Look("mfa_index", who="protected"),
    Look("mfa_activate_totp"),
    Look("mfa_activate_totp", sent=APP_CODE, status=422),
    Look("mfa_deactivate_totp", who="protected"),
    Look("mfa_deactivate_totp", who="bound"),  # its last one: refused
    Look("mfa_view_recovery_codes", who="protected"),
    Look("mfa_generate_recovery_codes", who="protected"),
    Look("mfa_list_webauthn"),
    Look("mfa_list_webauthn", who="protected"),
    Look("mfa_add_webauthn", who="protected"),
    Look("mfa_add_webauthn", who="protected", sent={"name": "x", "credential": "{}"}, status=422),
    Look("mfa_edit_webauthn", who="protected", ids="passkey"),
    Look("mfa_edit_webauthn", who="protected", ids="passkey", sent={"name": ""}, status=422),
    Look("mfa_remove_webauthn", who="protected", ids="passkey"),
    Look("usersessions_list", who="open"),
    Look("account_reauthenticate", who="protected"),
    Look("account_reauthenticate", who="protected", sent={"password": "x"}, status=422),
    Look("mfa_reauthenticate", who="protected"),
    Look("mfa_reauthenticate", who="protected", sent=APP_CODE, status=422),
    Look("mfa_reauthenticate_webauthn", who="protected"),
    Look("mfa_reauthenticate_webauthn", who="protected", sent={"credential": "{}"}, status=422),
    Look("mfa_authenticate", who="halfway"),
    Look(
        "mfa_authenticate",
        who="halfway",
        sent=APP_CODE,
        status=422,
    ),
    Look("account_request_login_code", who="asking"),
    Look("account_request_login_code", who="asking", sent={"email": "x"}, status=422),
    Look("account_confirm_login_code", who="asking"),
    Look("account_confirm_login_code", who="asking", sent=APP_CODE, status=422),
]
# Of the admin the list, the empty form, one row, its deletion and its history, whatever of these a table has.
ADMIN_VIEWS = ("changelist", "add", "change", "delete", "history")
MASTER = (
    *[
        f"agencies_{name}"
        for name in ("subdistrict", "agency", "position", "official", "tenure", "membership", "user")
    ],
    "commitments_framework",
    "commitments_criterion",
    "commitments_focalpoint",
)
PLAIN = ("commitments_verifier",)  # without old and new values of each change
NEVER_DELETED = {"agencies_user", "commitments_framework"}
EXCHANGED = (
    *[f"agencies_{name}" for name in ("agency", "position", "official", "user")],
    "commitments_framework",
    "commitments_criterion",
    "commitments_focalpoint",
)
WINDOWS = ("declaration", "signature", "review", "ledgerentry", "document", "outgoingmail", "paperjob")


def admin_ids(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _admin() -> Iterator[Look]:
    yield Look("admin:index")
    yield Look("admin:app_list", ids="app")
    for table in (*MASTER, *PLAIN):
        for view in ADMIN_VIEWS:
            if view == "delete" and table in NEVER_DELETED:
                continue
            yield Look(f"admin:{table}_{view}", ids="" if view in {"changelist", "add"} else table)
        yield Look(f"admin:{table}_changelist", query="?q=tidakada")
        yield Look(f"admin:{table}_add", sent={"tenures-TOTAL_FORMS": "x"})
        if table in MASTER:
            yield Look(f"admin:{table}_simple_history", ids=f"{table}_version")
    for name in WINDOWS:
        table = f"commitments_{name}"
        yield Look(f"admin:{table}_changelist")
        for view in ("change", "history"):
            yield Look(f"admin:{table}_{view}", ids=table)
    for table in EXCHANGED:
        yield Look(f"admin:{table}_import")
        yield Look(f"admin:{table}_import", sent={}, status=422)
    yield Look("admin:agencies_position_appoint", ids="agencies_position")
    yield Look("admin:agencies_position_appoint", ids="agencies_position", sent={}, status=422)
    for ids in ("admin_user", "without_mail"):
        yield Look("admin:agencies_user_password_link", ids=ids)
    yield Look("admin:agencies_user_password_link", ids="without_mail", sent={}, status=422)
    yield Look("admin:agencies_failedlogin_changelist")
    for view in ("change", "history"):
        yield Look(f"admin:agencies_failedlogin_{view}", ids="agencies_failedlogin")


ADMIN = list(_admin())
PAGES = [*EMPTY, *NO_SEAL, *PUBLIC, *SIGNER, *STAFF, *PREPARE, *PROVING, *FOLLOW_UP, *SECURITY, *ADMIN]

# What answers no page of its own, and why.
NO_PAGE = {
    "health": "plain text",
    "favicon": "an image",
    "security_txt": "plain text",
    "language": "POST, goes back",
    "commitments:letter_pdf": "a PDF",
    "commitments:door_leave": "POST, to the landing page",
    "admin:login": "leads to the login page, or refuses",
    "admin:logout": "POST only; the button uses account_logout",
    "admin:password_change": "see account_change_password",
    "admin:password_change_done": "see account_change_password",
    "admin:autocomplete": "JSON",
    "admin:jsi18n": "a script",
    "admin:view_on_site": "leads on",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "JSON for the login page, or back to it",
    "end_session": "POST, goes back",
    **{f"admin:agencies_failedlogin_{view}": "403: nothing is written there" for view in ("add", "delete")},
    **{f"admin:{table}_delete": "403: switched off, never deleted" for table in NEVER_DELETED},
    **{
        f"admin:commitments_{name}_{view}": "403: nothing is written there"
        for name in WINDOWS
        for view in ("add", "delete")
    },
    **{f"admin:{table}_{view}": "a file" for table in EXCHANGED for view in ("template", "export")},
    "commitments:verify_json": "JSON",
    "commitments:evidence_json": "JSON",
    "commitments:audit_export": "JSON",
    **{
        f"commitments:{name}": "a file"
        for name in (
            "declaration_pdf",
            "wet_ink_pdf",
            "receipt_pdf",
            "matrix_sheet",
            "queue_sheet",
            "review_scan",
            "evidence_file",
            "city_sheet",
            "focal_points_sheet",
        )
    },
}


def all_names() -> set[str]:
    """The name of every address, with its namespace."""

    def walk(patterns: list, space: str) -> Iterator[str]:
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, space + inner)
            elif pattern.name:
                yield space + pattern.name

    return set(walk(get_resolver("pug_bekasi.urls").url_patterns, ""))


def with_admin_ids(scene: Scene) -> Scene:
    """The newest row of every table of the admin, and of its history."""
    ids: dict[str, list] = {"app": ["agencies"]}
    for model in admin.site._registry:
        row = model._default_manager.order_by("-pk").first()
        if row is None:
            continue
        ids[admin_ids(model)] = [row.pk]
        versions = getattr(row, "history", None)
        if versions:
            ids[f"{admin_ids(model)}_version"] = [row.pk, versions.first().pk]
    return Scene(scene.people, scene.ids | ids, scene.files)
