import numpy as np
from joblib import Parallel, delayed

from facsimile import files, logs
from facsimile.arrays import GrowingArray
from facsimile.faces import dataset
from facsimile.faces.registration import PLACES, fit, mean_face

found, corpus = snakemake.input, snakemake.wildcards.corpus
logs.start(snakemake.log[0], corpus)

pixels, landmarks = (
    files.keyed(some, "faces/{corpus}/") for some in (found.faces, found.landmarks)
)
known = dataset.sample(dataset.read(found.table[0]), 100, snakemake.params.seed)
mean = mean_face(zip(*(dataset.gather(known, one) for one in (pixels, landmarks)), strict=True))
faces, points = (np.load(paths[corpus], mmap_mode="r") for paths in (pixels, landmarks))
brought = Parallel(n_jobs=snakemake.threads, return_as="generator", batch_size=16)(
    delayed(fit)(mean, PLACES, face, own) for face, own in zip(faces, points, strict=True)
)
with (
    files.atomic(snakemake.output[0]) as draft,
    GrowingArray(draft, faces.shape[1:], np.uint8) as array,
):
    for image in brought:
        array.append(image)
