"""What a run says at its end, in five lines: the page's first screen, for terminals."""

from facsimile.show.answer import asked_of, headline, reached
from facsimile.show.choices import choices
from facsimile.show.differences import contrast_sentences
from facsimile.show.report import Report, limits
from facsimile.show.tables import exclusions
from facsimile.show.wording import counted, listed, number, ranged


def closing(report: Report, page: str) -> list[str]:
    """Return the lines: where the page is, who is best, what differs, what is missing, what limits.

    Parameters
    ----------
    page : where the page lies.
    """
    asked = asked_of(report.measures.pairs, report.settings)
    warned = limits(report, report.measures.pairs, report.classification)
    return [
        f"Report: {page}",
        f"{report.title} {headline(asked, report.measures.contrasts)} {_best(report)}",
        f"Main contrast: {_contrast(report)}",
        f"Excluded: {_excluded(report)}",
        f"Be careful of: {listed(one.what.lower() for one in warned)}.",
    ]


def _best(report: Report) -> str:
    """Return who is the most and the least human."""
    asked = asked_of(report.measures.pairs, report.settings)
    chosen = choices(asked[0]) if asked else []
    told = [f"{one.role.lower()} {one.network} ({number(one.row['value'], digits=2)})"
            for one in chosen]  # fmt: skip
    by = f" by {asked[0].explainer}" if len(asked) > 1 else ""
    text = listed(told)
    return f"{text[:1].upper()}{text[1:]} in {asked[0].label}{by}." if chosen else ""


def _contrast(report: Report) -> str:
    """Return the first declared difference between explainers; else own less others' references."""
    found = contrast_sentences(report.measures.contrasts)["primary"]
    asked = asked_of(report.measures.pairs, report.settings)
    if found:
        return found[0]
    if not asked:
        return "none was declared."
    row = asked[0].every
    levels = reached(row)
    against = f", against networks that know nothing, {levels}" if levels else ""
    return f"{asked[0].label} {ranged(*row[['value', 'low', 'high']])}{against}."


def _excluded(report: Report) -> str:
    """Return how many images were left out, and why most of them were."""
    if report.faces is None:
        return "nothing is known of the faces."
    account = report.faces.accounting
    lost, read = int(account["excluded"].sum()), int(account["read"].sum())
    if not lost:
        return f"none of {counted(read, 'image')}."
    first = exclusions(report.faces.excluded).iloc[0]
    return f"{lost} of {counted(read, 'image')}, most often: {first['reason']} ({first['images']})."
