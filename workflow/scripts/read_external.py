from facsimile import logs
from facsimile.atlas.maps import read_heatmaps
from facsimile.atlas.store import save_map
from facsimile.files import keyed

logs.start(snakemake.log[0], f"heatmaps of {snakemake.wildcards.network}")

maps = read_heatmaps(snakemake.params.folder)
for expression, path in keyed(snakemake.output, "/{expression}.").items():
    save_map(maps[expression], path)
