"""The figure of sensitivity: a line for each way to a conclusion."""

import pandas as pd
import pytest

import made_up
from facsimile.show.sensitivity import conclusions_plot, name_of


def test_every_way_has_its_line():
    figure = conclusions_plot(made_up.sensitivity())
    labels = [label.get_text() for panel in figure.axes for label in panel.get_yticklabels()]
    assert "lime, black, Otsu" in labels
    assert "lime, grey, hottest 25 %" in labels
    assert len(figure.axes) == 2 * 2


@pytest.mark.parametrize(
    ("settings", "threshold", "name"),
    [
        ({"method": "lime", "baseline": "grey"}, "none", "lime, grey"),
        ({"method": "grad_cam", "baseline": None}, "otsu", "grad_cam, Otsu"),
        ({}, "0.9", "mine, hottest 10 %"),
    ],
)
def test_a_way_is_named_by_its_settings(settings, threshold, name):
    row = pd.Series({"explainer": "mine", **settings, "network": "all", "threshold": threshold})
    assert name_of(row) == name
