"""What was done, in words: sentences made from a study's settings."""

from collections.abc import Mapping


def superpixels(settings: Mapping) -> str:
    """Return what superpixels a study has, from its settings ``kind`` and ``n_segments``."""
    return {
        "slic": f"some {settings['n_segments']} SLIC superpixels (Achanta et al. 2012)",
        "grid": f"about {settings['n_segments']} equal rectangles",
        "parts": "23 parts of the face, by its landmarks",
    }[settings["kind"]]


def method(explainer: str, study: Mapping) -> str:
    """Return how an explainer works, to follow 'explained with'."""
    pieces = superpixels(study["superpixels"])
    samples = study.get(explainer.removesuffix("_contrast"), {}).get("samples")
    hidden = {"black": "blacked out", "grey": "covered by the face's mean grey"}
    lime = (
        f"LIME (Ribeiro et al. 2016): {samples} samples a face, in each of which about half of "
        f"{pieces} are {hidden[study['hidden_by']]}"
    )
    return {
        "lime": f"{lime}. Shown are the positive coefficients, painted on their superpixels",
        "lime_contrast": (
            f"{lime}. Shown is by how much a superpixel's coefficient is above the largest of the "
            "other five expressions'"
        ),
        "kernel_shap": (
            f"kernel SHAP (Lundberg and Lee 2017): Shapley values of {pieces}, from {samples} "
            "samples a face. Shown are the positive ones"
        ),
        "occlusion": (
            "occlusion (Zeiler and Fergus 2014): what a black square, sliding over the face, takes "
            "from the probability"
        ),
        "integrated_gradients": (
            "integrated gradients (Sundararajan et al. 2017) from the black image. Shown are the "
            "positive ones"
        ),
        "grad_cam": (
            "Grad-CAM (Selvaraju et al. 2017) on the last features before the head, which are as "
            "coarse as the maps"
        ),
        "random": (
            "weights drawn at random: a control, which knows nothing of network or face. What it "
            "reaches is reached by chance"
        ),
    }[explainer]
