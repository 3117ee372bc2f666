from facsimile import devices, files, logs
from facsimile.atlas.again import carry_again
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.explain.baselines import baseline_of
from facsimile.explain.explanations import Explanations
from facsimile.explain.faithfulness import follow_faces
from facsimile.explain.predictor import predictor_loader
from facsimile.explain.running import Job, face_loader
from facsimile.explain.sanity import explain_again
from facsimile.explain.superpixels import superpixels_of
from facsimile.faces import dataset
from facsimile.networks.finished import network_of

given, found, made = snakemake.params, snakemake.input, snakemake.output
names = snakemake.wildcards
logs.start(snakemake.log[0], f"{names.explainer} {names.network}")
machine = devices.ready(given.machine)

network, row, device = network_of(given.recipe), given.row, machine["device"]
weights = files.keyed(found.weights, "/repeat{repeat}/fold{fold}/")
load_predictor = predictor_loader(network, weights, found.throughput, device, **given.inference)
patterns = ("faces/{corpus}/", "faces/{corpus}/superpixels/*/", "faces/{corpus}/{image}.")
images = map(files.keyed, (found.faces, found.superpixels, found.extras), patterns)
table = dataset.read(found.table[0])
load_face = face_loader(table, *images)
read = dataset.reader(table, files.keyed(found.landmarks, "faces/{corpus}/"))
job = Job.of(names.network, network.input_size, row, load_predictor, load_face, given.seed)
paths = files.keyed(found.explanations, "/repeat{repeat}/{expression}.")
explained = {
    (int(repeat), expression): Explanations.load(path)
    for (repeat, expression), path in paths.items()
}
judges = {name: baseline_of(one) for name, one in given.baselines.items()}
areas = follow_faces(job, explained, judges, given.faces, given.contrast, **machine)
with files.atomic(made.areas) as draft:
    areas.to_csv(draft, index=False)

cut = superpixels_of(given.superpixels) if given.superpixels else None
where, atlas = (lambda face: read(face)[0]), Atlas.of(read_landmarks(found.canonical))
ways = explain_again(job, explained, given.sanity, network, cut, where, **machine)
carry_again(ways, table, where, given.contrast, atlas).save(made.again)
