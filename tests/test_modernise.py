"""Settings of an older form: refused, with the same in today's."""

from copy import deepcopy

import pytest
import yaml

from facsimile.errors import UserError
from facsimile.settings.checking import check
from facsimile.settings.modernise import modernise
from running import STUDIES

OLD = """
study: {folds: 3}
corpora: {drawn: {kind: embedded, seed: 3}}
networks: {weinet: {input_size: 32, rate: 1.0e-3, batch: 16, hide: 0.5}}
explainers: [lime, lime_contrast, occlusion]
lime: {samples: 50, draws: paired}
kernel_shap: {samples: 10}
occlusion: {window: 0.3}
superpixels: {kind: grid, n_segments: 40}
hidden_by: grey
references: [ekman, human, mine]
human: {tiles: t.csv, landmarks: l.csv}
reference_maps: {mine: maps}
inference: {batch: 8}
measure: {draws: 20}
sensitivity:
  {explainers: [lime, random], kinds: [grid, parts], n_segments: [40, 80], hidden_by: [grey]}
"""

NEW = """
study: {folds: 3, baseline: grey}
corpora: {drawn: {kind: synthetic, seed: 3}}
networks: {weinet: {input_size: 32, learning_rate: 1.0e-3, batch_size: 16, occlude_share: 0.5}}
explainers:
  lime: {samples: 50, sampling: paired}
  lime_contrast: {method: lime, contrast: true, samples: 50, sampling: paired}
  occlusion: {baseline: black, window: 0.3}
  random: {}
superpixels:
  grid40: {kind: grid, n_segments: 40}
  parts: {kind: parts}
  grid80: {kind: grid, n_segments: 80}
references:
  ekman: {}
  human: {kind: tiles, tiles: t.csv, landmarks: l.csv}
  mine: {kind: maps, path: maps}
inference: {batch_size: 8}
measure: {bootstrap_samples: 20}
sensitivity: {explainers: [lime, random], baselines: [grey], superpixels: [grid40, grid80, parts]}
"""


def test_an_old_configuration_is_refused_with_the_new_one(root):
    old, new = yaml.safe_load(OLD), yaml.safe_load(NEW)
    before = deepcopy(old)
    with pytest.raises(UserError, match="keys of an older form, in study, corpora") as caught:
        check(old, root)
    assert old == before
    assert yaml.safe_load(str(caught.value).split("\n\n")[1]) == new
    assert modernise(old) == new
    assert check(new, root)


@pytest.mark.parametrize("study", STUDIES)
def test_todays_configurations_are_of_todays_form(root, study):
    given = yaml.safe_load((root / study).read_text())
    assert modernise(given) == given


@pytest.mark.parametrize(
    ("old", "part"),
    [
        ("measure: {draws: 10}", {"measure": {"bootstrap_samples": 10}}),
        ("lime: {samples: 9}", {"explainers": {"lime": {"samples": 9}}}),
        ("hidden_by: grey", {"study": {"baseline": "grey"}}),
        ("reference_maps: {a: b}", {"references": {"a": {"kind": "maps", "path": "b"}}}),
        ("superpixels: {kind: parts}", {"superpixels": {"parts": {"kind": "parts"}}}),
    ],
)
def test_one_old_key_is_refused_with_the_part_that_changes(reject, old, part):
    message = reject("write it so:", **yaml.safe_load(old))
    assert yaml.safe_load(message.split("\n\n")[1]) == part


@pytest.mark.parametrize(
    "wrong",
    [
        "lime: 5",
        "human: x",
        "explainers: lime",
        "superpixels: [slic]",
        "sensitivity: {kinds: slic}",
    ],
)
def test_old_keys_that_were_wrong_before_are_refused_too(reject, wrong):
    reject("configuration", **yaml.safe_load(wrong))
