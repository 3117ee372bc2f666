from facsimile import devices, files, logs
from facsimile.explain.predictor import load_network
from facsimile.explain.throughput import sweep
from facsimile.networks.finished import network_of
from facsimile.networks.reproducible import reproducible

given = snakemake.params
logs.start(snakemake.log[0], f"throughput of {snakemake.wildcards.network}")
machine = devices.ready(given.machine)

how, device = network_of(given.recipe), machine["device"]
with reproducible(0, **machine):
    network = load_network(how, *snakemake.input.weights, device=device)
    table = sweep(network, how.input_size, device, given.precision)
with files.atomic(snakemake.output[0]) as draft:
    table.to_csv(draft, index=False)
