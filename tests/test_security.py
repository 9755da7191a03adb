"""What must not be possible over the network, tried against the real server."""

import base64
import http.client
import json
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import gradio as gr
import httpx
import pytest
from fastapi import APIRouter, FastAPI
from playwright.sync_api import expect

from assistant.accounts import AccountError, Accounts
from assistant.library import Library
from assistant.settings import Settings
from assistant.web.api.plans import NOT_ALLOWED
from assistant.web.app import build_web_app
from assistant.web.login import COOKIE
from assistant.web.observe import Metrics, Watch
from assistant.web.render import FAILED
from assistant.web.server import check_binding, create_app
from tests.browser import ask, launched_browser, running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

PASSWORD = "correct horse 9"
ASKED = {"question": "到25年要有几家高企？"}


@dataclass(frozen=True)
class Site:
    """A server with users, and the clients of two of them and of nobody."""

    address: str
    library: Library
    app: FastAPI
    editor: httpx.Client
    reader: httpx.Client
    nobody: httpx.Client


@pytest.fixture(scope="module")
def site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(library.settings.data_dir, folder)
    accounts = Accounts(folder / "users.json")
    accounts.add("编辑甲", "editor", PASSWORD)
    accounts.add("读者乙", "reader", PASSWORD)
    own = Library(Settings(data_dir=folder, max_file_mb=2))
    app = build_web_app(own)
    with (
        running(app) as address,
        httpx.Client(base_url=address, timeout=30) as nobody,
        with_token(address, accounts.issue_token("编辑甲")) as editor,
        with_token(address, accounts.issue_token("读者乙")) as reader,
    ):
        yield Site(address, own, app, editor, reader, nobody)
    own.catalog.close()


def with_token(address: str, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=address, headers=headers, timeout=30)


@contextmanager
def small_site(
    folder: Path, *, routers: tuple[APIRouter, ...] = (), **settings: str | bool
) -> Iterator[httpx.Client]:
    """Serve an empty page with these settings."""
    with gr.Blocks() as page:
        pass
    watch = Watch(Metrics(count_chunks=lambda: 0))
    chosen = Settings.model_validate({"data_dir": folder, **settings})
    app = create_app(page, chosen, watch, routers=routers)
    with running(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def raw(client: httpx.Client, path: str) -> tuple[int, bytes]:
    """Ask for a path as it stands: no client tidies it up."""
    host = urlsplit(str(client.base_url)).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.putheader("Authorization", client.headers.get("authorization", ""))
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file={secret}",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=/tmp/../etc/passwd",
        "/gradio_api/file=%2e%2e/%2e%2e/etc/passwd",
        "/gradio_api/file=//etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/static/../../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/assets/../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/svelte/../../../../etc/passwd",
        "/static-offline-docs/../../../../etc/passwd",
        "/static-offline-docs/..%2f..%2f..%2fetc/passwd",
        "/gradio_api/custom_component/x/client/component/..%2f..%2fetc/passwd",
        "/gradio_api/stream/a/b/1/..%2f..%2fetc/passwd",
        "/api/conversations/..%2f..%2fetc%2fpasswd/export.md",
        "/api/plans/..%2f..%2fusers.json",
        "/api/plans/..%2f..%2fusers.json/original",
    ],
)
def test_no_file_but_the_apps_own_is_served(site: Site, path: str) -> None:
    secret = site.library.settings.data_dir / "users.json"
    status, body = raw(site.editor, path.format(secret=secret))
    assert status in (400, 403, 404, 405)
    assert b"root:" not in body
    assert b"argon2" not in body


def pages_of(app: FastAPI) -> list[tuple[str, str]]:
    """Return every documented route, and those of Gradio that the page uses."""
    documented = [
        (method.upper(), re.sub(r"\{\w+\}", "x", path))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    ]
    gradio = [
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/run/predict"),
        ("GET", "/gradio_api/heartbeat/x"),
        ("GET", "/gradio_api/file=/x"),
        ("GET", "/config"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("POST", "/mcp"),
        ("GET", "/"),
    ]
    return [route for route in [*documented, *gradio] if route[1] != "/healthz"]


def test_nobody_gets_further_than_the_login_page(site: Site) -> None:
    routes = pages_of(site.app)
    assert {("POST", "/api/ask"), ("DELETE", "/api/plans/x"), ("GET", "/metrics")} < set(routes)
    answers = {route: site.nobody.request(*route).status_code for route in routes}
    assert {route: status for route, status in answers.items() if status != 401} == {}
    wrong = with_token(site.address, "plan-wrong")
    assert wrong.post("/api/ask", json=ASKED).status_code == 401
    page = site.nobody.get("/?a=1", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/")
    assert site.nobody.get("/healthz").status_code == 200
    assert site.reader.post("/api/ask", json=ASKED).json()["status"] == "answered"


def test_a_reader_changes_nothing_over_the_api(site: Site) -> None:
    before = site.reader.get("/api/plans").json()
    (plan,) = before["plans"]
    files = {"files": ("新.txt", "第一章 新的\n内容".encode(), "text/plain")}
    for refused in (
        site.reader.post("/api/plans", files=files),
        site.reader.delete(f"/api/plans/{plan['plan_id']}"),
    ):
        assert (refused.status_code, refused.json()) == (403, {"detail": NOT_ALLOWED})
    assert site.reader.get("/api/plans").json() == before


def call_events(client: httpx.Client, plan_id: str) -> None:
    """Call every event of the page, as if the open document and all buttons had been clicked."""
    config = client.get("/config").json()
    components = {one["id"]: one for one in config["components"]}
    # The list of documents first: which one is open is kept on the server.
    opening = {c["id"] for c in config["components"] if c["props"].get("elem_id") == "documents"}
    events = config["dependencies"]
    events.sort(key=lambda event: not opening & {target[0] for target in event["targets"]})
    for event in events:
        if not event["backend_fn"]:
            continue
        values = [components[one]["props"].get("value") for one in event["inputs"]]
        sent = {
            "data": values,
            "event_data": {"plan": plan_id, "value": "x", "index": 0},
            "fn_index": event["id"],
            "trigger_id": event["targets"][0][0] if event["targets"] else None,
            "session_hash": "every",
        }
        joined = client.post("/gradio_api/queue/join", json=sent)
        assert joined.status_code == 200, joined.text
    with client.stream("GET", "/gradio_api/queue/data?session_hash=every") as stream:
        for line in stream.iter_lines():
            if "close_stream" in line:
                break


def test_a_reader_changes_nothing_through_any_event_of_the_page(site: Site) -> None:
    before = site.library.catalog.entries()
    (entry,) = before
    call_events(site.reader, entry.id)
    assert site.library.catalog.entries() == before


def test_oversized_uploads_are_refused(site: Site) -> None:
    large = b"x" * (4 * 2**20)
    for path in ("/api/plans", "/gradio_api/upload"):
        refused = site.editor.post(path, files={"files": ("大.txt", large)})
        assert (refused.status_code, "2 MB" in refused.json()["detail"]) == (413, True)

        def pieces() -> Iterator[bytes]:
            for start in range(0, len(large), 2**16):
                yield large[start : start + 2**16]

        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        # Without a length, by what really comes; the server may hang up before all is sent.
        with suppress(httpx.TransportError):
            assert site.editor.post(path, content=pieces(), headers=kind).status_code in (400, 413)
    questions = json.dumps({"question": "x" * (17 * 2**20)}).encode()
    assert site.editor.post("/api/ask", content=questions).status_code == 413
    assert len(site.library.catalog.entries()) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("规划.pdf", b"MZ\x90\x00\x03" + bytes(range(256)) * 20),
        ("规划.docx", b"PK\x03\x04" + b"\0" * 200),
        ("规划.exe", "第一章 看似正常的文字".encode()),
        ("规划.txt", b"\x7fELF" + bytes(range(256)) * 20),
        ("规划.zip", b"Rar!\x1a\x07" + b"\0" * 200),
    ],
)
def test_disguised_uploads_are_not_taken_in(site: Site, name: str, content: bytes) -> None:
    response = site.editor.post("/api/plans", files={"files": (name, content)})
    assert response.status_code == 200
    assert response.json()["files"] == []
    assert response.json()["failed"]
    assert len(site.library.catalog.entries()) == 1


HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_hostile_text_titles_and_names_are_only_text_and_lead_nowhere(site: Site) -> None:
    """Sent under a name that points elsewhere; shown in a real browser to a logged-in user."""
    text = f"关于{HOSTILE}灯塔的规划\n第一章 {HOSTILE}\n灯塔建设目标：建成灯塔{HOSTILE}三座。"
    name = f"../../../逃{HOSTILE.replace('/', '')}.txt"
    sent = site.editor.post("/api/plans", files={"files": (name, text.encode())})
    (taken,) = sent.json()["files"]
    root = site.library.settings.data_dir
    assert Path(taken["path"]).is_relative_to(root / "originals")
    assert not list(root.parent.glob("逃*"))
    with launched_browser() as browser:
        page = browser.new_page(locale="zh-CN")
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{site.address}/")
        page.get_by_label("用户名").fill("读者乙")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_label("问题", exact=True).wait_for()
        ask(page, f"灯塔{HOSTILE}要建成几座？")
        page.get_by_role("tab", name="文档").click()
        expect(page.locator("#documents")).to_contain_text("灯塔")
        expect(page.locator("#document-files")).to_be_hidden()
        assert page.locator("img[src=x], script:text('alert(2)')").count() == 0
        assert dialogs == []
        page.get_by_role("link", name="读者乙").click()
        page.get_by_role("button", name="退出登录").click()
        page.get_by_label("用户名").wait_for()
        page.goto(f"{site.address}/")
        page.get_by_label("用户名").wait_for()
    assert site.editor.delete(f"/api/plans/{taken['plan_id']}").status_code == 200
    assert not Path(taken["path"]).exists()


@pytest.fixture
def inner_service() -> Iterator[tuple[str, list[str]]]:
    """A service that only this machine can reach, and what it was asked for."""
    asked: list[str] = []

    class Inner(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"inner secret")

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Inner)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/secret.txt", asked
    server.shutdown()
    server.server_close()


def test_no_address_is_fetched_for_anybody(
    site: Site, inner_service: tuple[str, list[str]]
) -> None:
    url, asked = inner_service
    for path in (f"file={url}", f"proxy={url}", f"file/{url}", f"deep_link?x={url}"):
        response = site.editor.get(f"/gradio_api/{path}")
        assert (response.status_code, "secret" in response.text) == (404, False)
    file = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}}
    for sent in (file, {"nested": [file]}, {**file, "path": url.upper()}):
        for path in ("queue/join", "run/predict"):
            body = {"data": [[sent]], "fn_index": 0, "session_hash": "s"}
            response = site.editor.post(f"/gradio_api/{path}", json=body)
            assert response.status_code == 400
            assert "不从网址取文件" in response.json()["detail"]
    assert site.editor.post("/api/plans", data={"files": url}).status_code == 422
    assert asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_foreign_page_cannot_act_for_the_user(site: Site, headers: dict[str, str]) -> None:
    assert site.editor.post("/api/ask", json=ASKED, headers=headers).status_code == 403
    own = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    assert site.editor.post("/api/ask", json=ASKED, headers=own).status_code == 200


def test_without_a_login_only_this_machines_name_leads_here(tmp_path: Path) -> None:
    with small_site(tmp_path) as client:
        assert client.get("/config").status_code == 200
        rebound = client.get("/config", headers={"Host": "evil.example"})
        assert rebound.status_code == 403
    with small_site(tmp_path, allow_open=True) as client:
        assert client.get("/config", headers={"Host": "plans.example"}).status_code == 200


def log_in(site: Site, name: str, password: str, **more: str) -> httpx.Response:
    form = {"name": name, "password": password, **more}
    with httpx.Client(base_url=site.address) as client:
        return client.post("/login", data=form)


def test_a_session_lasts_until_the_password_changes(site: Site) -> None:
    accounts = Accounts(site.library.settings.users_path)
    accounts.add("丙", "reader", PASSWORD)
    begun = log_in(site, "丙", PASSWORD, next="/docs")
    assert (begun.status_code, begun.headers["location"]) == (303, "/docs")
    cookie = begun.headers["set-cookie"]
    assert COOKIE in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    held = {"Cookie": cookie.split(";")[0]}
    assert site.nobody.get("/api/plans", headers=held).status_code == 200
    forged = {"Cookie": cookie.split(";")[0][:-3] + "abc"}
    assert site.nobody.get("/api/plans", headers=forged).status_code == 401
    accounts.set_password("丙", "another one 8")
    assert site.nobody.get("/api/plans", headers=held).status_code == 401
    basic = base64.b64encode("丙:another one 8".encode()).decode()
    known = {"Authorization": f"Basic {basic}"}
    assert site.nobody.get("/api/plans", headers=known).status_code == 200
    accounts.remove("丙")
    assert site.nobody.get("/api/plans", headers=known).status_code == 401


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_login_leads_nowhere_else(site: Site, target: str) -> None:
    assert log_in(site, "读者乙", PASSWORD, next=target).headers["location"] == "/"


def test_guessing_passwords_is_stopped(site: Site) -> None:
    Accounts(site.library.settings.users_path).add("丁", "reader", PASSWORD)
    statuses = [log_in(site, "丁", f"wrong guess {number}").status_code for number in range(6)]
    assert statuses == [401] * 5 + [429]
    # Not even the right one is looked at then, whichever way it comes.
    assert log_in(site, "丁", PASSWORD).status_code == 429
    basic = {"Authorization": "Basic " + base64.b64encode(f"丁:{PASSWORD}".encode()).decode()}
    assert site.nobody.get("/api/plans", headers=basic).status_code == 429
    assert log_in(site, "读者乙", PASSWORD).status_code == 303


def test_a_proxys_word_counts_only_from_the_proxy(tmp_path: Path) -> None:
    named = {"X-Forwarded-User": "甲".encode()}
    settings = {"proxy_user_header": "X-Forwarded-User"}
    with small_site(tmp_path, proxy_address="127.0.0.1", **settings) as client:
        assert client.get("/config").status_code == 401
        assert client.get("/config", headers=named).status_code == 200
        # The client behind the proxy is another address; the proxy is still who is connected.
        passed_on = {**named, "X-Forwarded-For": b"203.0.113.9"}
        assert client.get("/config", headers=passed_on).status_code == 200
    with small_site(tmp_path, proxy_address="10.9.8.7", **settings) as client:
        assert client.get("/config", headers=named).status_code == 401
        pretended = {**named, "X-Forwarded-For": b"10.9.8.7"}
        assert client.get("/config", headers=pretended).status_code == 401


def test_each_user_has_a_limit_of_their_own(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "users.json")
    for name in ("甲", "乙"):
        accounts.add(name, "reader", None)
    tokens = [accounts.issue_token(name) for name in ("甲", "乙")]
    with small_site(tmp_path, rate_limit="3/minute") as client:
        first, second = ({"Authorization": f"Bearer {token}"} for token in tokens)
        statuses = [client.get("/api/none", headers=first).status_code for _ in range(4)]
        assert statuses == [404, 404, 404, 429]
        assert client.get("/api/none", headers=second).status_code == 404
        limited = client.get("/v1/none", headers=first)
        assert limited.headers["retry-after"] == "60"
        assert limited.json()["error"]["type"] == "rate_limit_error"


def test_what_breaks_shows_nothing_of_itself(tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("secret detail")

    with small_site(tmp_path, routers=(router,)) as client:
        response = client.get("/api/broken")
        assert (response.status_code, response.json()) == (500, {"detail": FAILED})
        assert "default-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/login", "/api/plans", "/healthz", "/", "/static/none"])
def test_every_response_is_guarded_by_headers(site: Site, path: str) -> None:
    headers = site.reader.get(path).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-request-id"]


def test_nobody_shares_with_the_network_without_meaning_to(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    check_binding("127.0.0.1", settings)
    with pytest.raises(AccountError, match="users add"):
        check_binding("0.0.0.0", settings)
    check_binding("0.0.0.0", settings.model_copy(update={"allow_open": True}))
    Accounts(settings.users_path).add("甲", "editor", None)
    check_binding("0.0.0.0", settings)


def test_a_broken_users_file_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("[{]")
    with pytest.raises(AccountError, match="已损坏"):
        check_binding("127.0.0.1", Settings(data_dir=tmp_path))


def test_an_editor_may(site: Site) -> None:
    """Last, and the proof that the refusals above are refusals: the same calls, as an editor."""
    (entry,) = site.library.catalog.entries()
    call_events(site.editor, entry.id)
    assert site.library.catalog.entries() == []
