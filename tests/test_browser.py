"""The page in a real browser: nothing fetched, nothing in the console, every control does its work.

Needs Chromium and ``tests/browser.txt``; without them all is skipped. Screenshots are kept where
``SCREENSHOTS`` names a folder; axe-core is found by ``AXE`` (its ``axe.min.js``).
"""

import os
import re
import shutil
from pathlib import Path

import pytest

import made_up_page
from facsimile import EXPRESSIONS
from facsimile.show.learned import MARK
from facsimile.show.report import render
from facsimile.show.sheet import Sheet

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no playwright: pip install --requirement tests/browser.txt"
)
ROOT = Path(__file__).parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def report():
    return made_up_page.report(ROOT)


@pytest.fixture(scope="module")
def sheet(report):
    """Return what the page's sheet is made of."""
    marked = {"<b>bold</b>": f"<b>bold</b> {MARK}"}
    return Sheet(
        report.maps, report.measures, report.trust, None, lambda name: marked.get(name, name)
    )


@pytest.fixture(scope="module")
def address(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render(report), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def opened(browser, address):
    """Return a function that opens the page; nothing may be asked for, or said in the console."""
    contexts, asked, said = [], [], []

    def open_page(width=1280, height=900, hash="", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address + hash)
        return page

    yield open_page
    for context in contexts:
        context.close()
    leaves = [url for url in asked if not url.startswith((address, "data:"))]
    assert not leaves, "a request leaves the page"
    assert not said, "the console has something to say"


def cell(page, network, expression):
    return page.locator(f'.cell[data-network="{network}"][data-expression="{expression}"]')


def test_what_is_chosen_is_what_cells_show(opened, sheet):
    page, values = opened(), sheet.readings
    for explainer, reference, score in (
        ("lime_grey", "ekman", "auroc"),
        ("lime_grey", "ekman", "iou"),
        ("grad_cam", "gaze", "pearson"),
        ("lime", "gaze", "nss"),
    ):
        page.select_option("[name=explainer]", explainer)
        page.select_option("[name=reference]", reference)
        page.select_option("[name=score]", score)
        wanted = values[explainer][reference][score]["weinet"]
        shown = cell(page, "weinet", "fear")
        assert shown.locator("b").inner_text() == wanted["fear"]["value"] + wanted["fear"]["arrow"]
        assert (
            shown.locator("img").get_attribute("src") == sheet.pictures[explainer]["weinet"]["fear"]
        )
        path = shown.locator("path.line").get_attribute("d")
        assert path == sheet.outlines[reference]["fear"]
        mean = page.locator('td.mean[data-network="weinet"]')
        assert mean.locator(".range").inner_text() == wanted["all"]["range"]
        assert shown.locator(".unseen").last.text_content() == wanted["fear"]["said"]
    ends = sheet.axes["gaze"]["nss"]
    assert [page.inner_text("#axis-from"), page.inner_text("#axis-to")] == ends


def test_scores_follow_the_reference_and_are_kept_where_it_has_them(opened, sheet):
    page = opened()
    page.select_option("[name=reference]", "gaze")
    offered = page.locator("[name=score] option").all_inner_texts()
    assert offered == list(sheet.scores["gaze"].values())
    assert page.input_value("[name=score]") == "pearson"
    page.select_option("[name=reference]", "ekman")
    assert page.input_value("[name=score]") == "auroc"


def test_the_page_as_sent_is_what_its_script_would_show(opened):
    """The same texts and places, whether the page was filled here or by its script."""
    parts = r'style="[^"]*"|src="[^"]*"| d="[^"]*"|>[^<]+<'
    sent, page = opened(java_script_enabled=False), opened()
    page.select_option("[name=explainer]", "grad_cam")
    other = page.inner_html("#sheet tbody")
    page.select_option("[name=explainer]", "lime")
    filled = [one.inner_html("#sheet tbody") for one in (sent, page)]
    before, after = (
        [re.sub(r"([:;])\s+|;(?=\")", r"\1", part) for part in re.findall(parts, one)]
        for one in filled
    )
    assert before == after
    assert re.findall(parts, other) != re.findall(parts, filled[1])


def test_a_cell_opens_and_closes_by_keyboard(opened):
    page = opened()
    first = cell(page, "weinet", "anger")
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    focused = "[document.activeElement.dataset.network, document.activeElement.dataset.expression]"
    assert page.evaluate(focused) == ["vgg16", "disgust"]
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    assert dialog.is_visible()
    assert dialog.locator(".card h3").inner_text().startswith("disgust, vgg16")
    assert dialog.locator(".card .row li").count() == 2, "a map for each training"
    assert dialog.locator(".faces tbody tr").count() == 4
    assert dialog.locator(".faces tbody tr").first.locator("img").count() == 6
    assert "R² 0.80" in dialog.locator(".faces thead").inner_text()
    assert "median R²" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate(focused) == ["vgg16", "disgust"], "back where it was"


def test_two_cells_stand_side_by_side_and_a_link_opens_them(opened):
    page = opened()
    cell(page, "weinet", "fear").click()
    page.select_option("#beside", "grad_cam/<b>bold</b>/surprise")
    heads = page.locator(".card h3").all_inner_texts()
    assert [one.splitlines()[0] for one in heads] == [
        "fear, weinet",
        f"surprise, <b>bold</b> {MARK}",
    ]
    left, right = (page.locator(".card").nth(at).bounding_box() for at in (0, 1))
    assert right["x"] >= left["x"] + left["width"] - 1
    link = page.evaluate("location.hash")
    page.click("#close")
    assert page.evaluate("location.hash") == ""
    again = opened(hash=link)
    assert again.locator(".card h3").all_inner_texts() == heads
    unknown = opened(hash="#cell=lime/nobody/fear")
    assert not unknown.locator("dialog").is_visible()


def test_an_undefined_cell_says_why(opened):
    page = opened()
    shown = cell(page, "vgg16", "fear")
    assert shown.locator("b").inner_text() == "\N{EN DASH}"
    assert shown.locator(".strip .value").is_hidden()
    assert "is not defined" in shown.locator(".unseen").last.text_content()


def test_outlines_can_be_left_out(opened):
    page = opened()
    line = cell(page, "weinet", "fear").locator("path.line")
    assert line.is_visible()
    page.uncheck("[name=outlines]")
    assert not line.is_visible()


def test_tables_are_sorted_and_filtered(opened):
    page = opened()
    table = page.locator("#classification table").first

    def names():
        return table.locator("tbody th").all_inner_texts()

    header = table.locator("thead th").nth(1)
    header.locator("button").click()
    assert names() == [f"<b>bold</b> {MARK}", "weinet", "vgg16"], "by accuracy"
    assert header.get_attribute("aria-sort") == "ascending"
    header.locator("button").click()
    assert names() == ["vgg16", "weinet", f"<b>bold</b> {MARK}"]
    box = page.locator(".filter input").first
    rows = page.locator(".filter + .scroll tbody tr").first.locator("xpath=../tr")
    before = rows.count()
    box.fill("gaze")
    visible = [row.inner_text() for row in rows.all() if row.is_visible()]
    assert 0 < len(visible) < before
    assert all("gaze" in one for one in visible)


def test_without_scripts_the_sheet_is_there(opened, sheet):
    page = opened(java_script_enabled=False)
    assert page.locator("#sheet .cell").count() == 3 * len(EXPRESSIONS)
    said = sheet.readings["lime"]["ekman"]["auroc"]["weinet"]["fear"]["said"]
    assert said in cell(page, "weinet", "fear").text_content()
    assert cell(page, "weinet", "fear").locator("path.line").get_attribute("d")
    assert not page.locator("form.choose").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1000, 1600])
def test_the_page_fits_at_every_width(opened, width, theme, tmp_path):
    page = opened(width, color_scheme=theme)
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0, "nothing sticks out"
    bare = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (bare == "rgb(255, 255, 255)") == (theme == "light")
    kept = Path(os.environ.get("SCREENSHOTS", tmp_path))
    page.screenshot(path=kept / f"{width}-{theme}.png", full_page=True)
    cell(page, "weinet", "fear").click()
    page.screenshot(path=kept / f"{width}-{theme}-cell.png")
    inside = (
        "[...document.querySelectorAll('dialog .card')].every(e => e.scrollWidth <= e.clientWidth)"
    )
    assert page.evaluate(inside), "nor of an opened cell"


def test_in_print_there_are_no_controls_and_nothing_is_folded(opened):
    page = opened()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for control in ("nav.bar", "form.choose", ".filter >> nth=0"):
        assert not page.locator(control).is_visible(), control
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("#sheet").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, theme):
    axe = os.environ.get("AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js")
    if not Path(axe).is_file():
        pytest.skip("no axe-core: name its axe.min.js by AXE")
    page = opened(color_scheme=theme, bypass_csp=True)
    page.add_script_tag(path=axe)
    for prepare in ("", "document.querySelector('.cell').click()"):
        page.evaluate(prepare or "0")
        found = page.evaluate("axe.run()")["violations"]
        serious = [
            (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert not serious
