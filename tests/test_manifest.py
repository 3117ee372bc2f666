"""The manifest of figures: each is drawn from files, has words of its own, and can be added."""

import sys
from pathlib import Path
from subprocess import run

import pytest
from PIL import Image

import facsimile.show.figures as package
from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.show.facts import Facts
from facsimile.show.learned import NOTE
from facsimile.show.manifest import STAGES, Inputs, among, drawings, figures
from facsimile.show.measures import Measures
from facsimile.show.report import Report, read_pictures, render
from facsimile.show.style import save
from made_up import EXPLAINERS, REFERENCES, Study, settings
from made_up_tables import (
    agreement,
    contrasts,
    likeness_tests,
    overall,
    pretraining,
    specificity,
)

ROOT = Path(__file__).parents[1]
NAMES = {
    "explainer": EXPLAINERS,
    "reference": REFERENCES,
    "expression": [*EXPRESSIONS, "all"],
    "condition": ["mouth", "brows"],
    "network": ["weinet", "vgg16"],
}
FEW = {**NAMES, "explainer": ["lime_grey"], "expression": ["fear"], "condition": ["mouth"]}
ALL = [drawing for stage in STAGES for drawing in drawings(stage, **NAMES)]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return Study(tmp_path_factory.mktemp("study"), ROOT)


@pytest.fixture(scope="module")
def facts():
    return Facts.of(settings(ROOT), ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_the_figures_of_a_stage_are_drawn_from_its_files(stage, study):
    inputs = Inputs(study.inputs[stage], study.given)
    wanted = [str(study.folder / path) for one in drawings(stage, **FEW) for path in one.paths]
    made = []
    for drawing, paths in among(figures(stage), wanted):
        save(drawing.kind.draw(inputs, drawing.key), *paths)
        made += paths
    assert sorted(made) == sorted(wanted)
    for path in made:
        if path.endswith(".png"):
            assert Image.open(path).width > 100


def test_every_figure_has_words_of_its_own(facts):
    for words in (
        [one.label for one in ALL],
        [one.caption(facts) for one in ALL],
        [path for one in ALL for path in one.paths],
    ):
        assert len(set(words)) == len(words)
        assert all(words)
    assert all(kind.alt and kind.title for kind in figures())


def test_a_path_is_of_one_figure_only():
    for drawing in ALL:
        for path in drawing.paths:
            kinds = [kind for kind in figures() if kind.key_of(f"results/{path}") is not None]
            assert [type(kind) for kind in kinds] == [type(drawing.kind)]
            assert drawing.kind.key_of(f"somewhere/else/{path}") == drawing.key


def test_captions_tell_what_the_study_did(facts):
    captions = {one.label: one.caption(facts) for one in ALL}
    assert "941 samples a face" in captions["lime"]
    assert "some 29 SLIC superpixels (Achanta et al. 2012) are blacked out" in captions["lime"]
    assert "covered by the face's mean grey" in captions["lime_grey"]
    assert "LIME" not in captions["grad_cam"]
    assert "Up to 37 test faces of each expression, fold and repeat" in captions["lime"]
    assert "averaged over the 5 folds of each of 3 repeats" in captions["lime"]
    assert "321 bootstrap draws" in captions["all dendrograms: lime_grey"]
    assert "one line for each of the 5 folds of each of 3 repeats" in captions["training"]
    assert "shuffled labels" in captions["agreement: lime with ekman"]
    for label in ("lime", "agreement: lime with ekman", "people among networks: lime", "training"):
        assert NOTE in captions[label]
    assert "where an observer looks" in captions["reference: ekman"]


def test_captions_of_heatmaps_made_elsewhere():
    facts = Facts.of(settings(ROOT) | {"explainers": {"external": {}}}, ROOT)
    captions = {
        one.label: one.caption(facts)
        for stage in ("heatmaps", "likeness")
        for one in drawings(stage, **{**NAMES, "explainer": ["external"]})
    }
    assert "as they were given" in captions["external"]
    assert "bootstrap" not in captions["all dendrograms: external"]
    assert not any(NOTE in caption for caption in captions.values())


def test_captions_of_a_study_without_networks_that_know_nothing_name_no_level_of_theirs():
    facts = Facts.of(settings(ROOT, chance={"draws": 0}), ROOT)
    captions = {one.label: one.caption(facts) for one in drawings("agreement", **NAMES)}
    assert "shuffled" not in captions["agreement: lime with ekman"]
    assert "arrows" not in captions["agreement: lime with ekman"]


def test_rows_of_one_method_are_told_apart(facts):
    grey, black = facts.differences
    assert grey == "lime_grey is lime with baseline grey instead of black."
    assert "nothing that a network has met" in black
    alone = Facts.of(settings(ROOT, explainers={"grad_cam": {}, "random": {}}), ROOT)
    assert not alone.differences


def test_an_unknown_stage_is_refused():
    with pytest.raises(UserError, match="Did you mean 'likeness'"):
        figures("likenes")


def test_planning_needs_nothing_heavy(root):
    code = (
        "import sys; from facsimile.show.manifest import figures; figures();"
        "import facsimile.show.facts; heavy = {'matplotlib', 'pandas', 'torch', 'scipy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    scripts = root / "workflow" / "scripts"
    done = run([sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_figure_in_the_docs_is_added_as_a_file(tmp_path, monkeypatch, study, facts):
    text = (ROOT / "docs" / "results.md").read_text().partition("```python\n")[2]
    (tmp_path / "count.py").write_text(text.partition("```")[0])
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    assert [one.label for one in drawings("faces")] == ["faces and landmarks", "count"]
    (added,) = (one for one in drawings("faces") if one.label == "count")
    monkeypatch.delitem(sys.modules, "facsimile.show.figures.count")
    assert added.caption(facts) == ("**How many faces.** Faces of each expression in all 5 folds.")
    figure = added.kind.draw(Inputs(study.inputs["faces"], study.given), added.key)
    assert [bar.get_height() for bar in figure.axes[0].patches] == [5] * len(EXPRESSIONS)
    path = tmp_path / "figures" / "count.png"
    save(figure, path)
    tables = agreement, overall, specificity, contrasts, pretraining, likeness_tests
    measures = Measures(*(table() for table in tables))
    page = render(Report(settings(ROOT), facts, measures, read_pictures([str(path)])))
    assert 'id="figure-count"' in page
    assert "Faces of each expression in all 5 folds." in page
