"""Names of rows: what stands below each other in tables must not be called the same."""

from collections.abc import Iterable

from facsimile.errors import UserError

RESERVED = {
    "all": "all networks that learned, or all expressions, together",
    "every": "all networks together, those too that did not learn",
    "untrained": "networks with random weights, a row below the networks",
    "shuffled labels": "networks trained on shuffled labels, a row below the networks",
    "chance": "the chance level, a row below the networks",
    "best rival": "the best map that knows nothing of expressions, a row below the networks",
}
"""Names that tables use themselves, and what they stand for there."""

UNTRAINED, SHUFFLED = NULL_KINDS = ("untrained", "shuffled")
"""Networks that know nothing of expressions: without training, or trained on shuffled labels."""

WORDS = {"network": "a network", "reference": "a reference", "explainer": "an explainer"}


def check_names(
    networks: Iterable[str], references: Iterable[str], explainers: Iterable[str] = ()
) -> None:
    """Refuse names that stand for two things.

    Networks and references are rows and columns of the same tables, and explainers stand beside
    them: a name is one thing only.

    Raises
    ------
    UserError
        If a name is used twice, or is one that tables use themselves.
    """
    known: dict[str, str] = {}
    for kind, names in zip(WORDS, (networks, references, explainers), strict=True):
        for name in names:
            if name in RESERVED:
                raise UserError(
                    f"{kind.capitalize()} '{name}': in tables this name stands for "
                    f"{RESERVED[name]}. Call it otherwise, such as '{name}_{kind}'."
                )
            if name in known:
                raise UserError(
                    f"The name '{name}' is used twice, for {WORDS[known[name]]} and for "
                    f"{WORDS[kind]}: call one of them otherwise, such as '{name}_{kind}'."
                )
            known[name] = kind
