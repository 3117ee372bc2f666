"""What all rules share: the names of wildcards, and what jobs are told of their study."""

from facsimile import devices, remaining
from facsimile.closing import conclude
from facsimile.digest import code_from
from facsimile.lookup import Lookup, either
from facsimile.needs import all_in
from facsimile.needs.corpora import Corpora
from facsimile.needs.explainers import Explainers
from facsimile.needs.networks import Networks
from facsimile.needs.references import References
from facsimile.needs.superpixels import Superpixels
from facsimile.settings.sections import MACHINE_KEYS

ENVIRONMENT = "../../envs/facsimile.yaml"
MACHINE = {key: SETTINGS[key] for key in MACHINE_KEYS}
GPU = int(devices.wants_gpu(SETTINGS["device"]))

lookup = Lookup(STUDIES)
every, with_faces, study_of = lookup.every, lookup.with_faces, lookup.study_of
setting, fact, names = lookup.setting, lookup.fact, lookup.names
code = code_from(SCRIPTS, kept=Path(".snakemake/facsimile-code.json"))

# The rows that the wildcards of a job name.
corpus, network = Corpora(lookup, project), Networks(lookup, project)
superpixels, explainer = Superpixels(lookup, project), Explainers(lookup, project)
reference = References(lookup, project)

WITH_FACES = lookup.where(lambda study: study.has_faces)
IN_CONDITION = lookup.where(lambda study: not study.settings["references"])
SCORES, FIGURES = all_in("facsimile.measure.scores"), all_in("facsimile.show.figures")


wildcard_constraints:
    results=either(*STUDIES),
    corpus=lookup.of_any(lambda study: study.names["corpus"]),
    network=lookup.of_any(lambda study: study.names["network"]),
    superpixels=lookup.of_any(lambda study: study.settings["superpixels"]),
    explainer=lookup.of_any(lambda study: study.explainers or study.names["explainer"]),
    reference=lookup.of_any(lambda study: study.references),
    condition=either(*PLANTED["corpora"]),
    expression=either(*EXPRESSIONS),
    repeat=r"\d+",
    fold=r"\d+",
    view=f"({lookup.of_any(lambda study: filter(None, study.views))})?",
    size=r"\d+",
