from facsimile import logs
from facsimile.networks.pretrained import fetch

logs.start(snakemake.log[0], f"weights of {snakemake.wildcards.network}")

fetch(snakemake.params.architecture, snakemake.params.weights, snakemake.output[0])
