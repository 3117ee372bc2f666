"""Where everything lies, stage by stage; `{results}` is the folder of a study's results.

`{view}` is nothing, or the folder of faces that are cut or coloured otherwise for some network.
"""

FACES = "{results}{view}/faces/{corpus}/faces.npy"
LANDMARKS = "{results}{view}/faces/{corpus}/landmarks.npy"
TABLE = "{results}{view}/faces/{corpus}/faces.csv"
EXCLUDED = "{results}{view}/faces/{corpus}/excluded.csv"
FURTHER = "{results}{view}/faces/{corpus}/{image}.npy"
SUPERPIXELS = "{results}{view}/faces/{corpus}/superpixels/{superpixels}/{size}.npy"
FOLDS = "{results}/faces/folds/repeat{repeat}.csv"

TRAINED = "{results}/networks/{network}/repeat{repeat}/fold{fold}"
WEIGHTS = f"{TRAINED}/weights.safetensors"
HISTORY = f"{TRAINED}/history.csv"
PREDICTIONS = f"{TRAINED}/predictions.csv"
RECORDS = f"{TRAINED}/record.json"
INITIAL = "{results}/networks/{network}/initial.safetensors"
AUDIT = "{results}/networks/{network}/audit/{corpus}.csv"
THROUGHPUT = "{results}/networks/{network}/throughput.csv"

EXPLANATIONS = "{results}/explanations/{explainer}/{network}/repeat{repeat}/{expression}.npz"
HEATMAPS = "{results}/heatmaps/{explainer}/{network}/{expression}.npy"
REPEAT_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/repeats/{expression}.npy"
FOLD_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/folds/{expression}.npy"
FACE_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/faces/{expression}.npz"
CELLS = "{results}/explore/{explainer}/{network}.json"

NULL_WEIGHTS = "{results}/null/size{size}/weights.safetensors"
NULL_NETWORKS = "{results}/null/size{size}/networks.csv"
NULL_HEATMAPS = "{results}/null/{explainer}/size{size}/{expression}.npy"
NULL_DRAWS = "{results}/null/{explainer}/size{size}/draws.csv"
NULL_LEVELS = "{results}/null/{explainer}/size{size}.npz"

FAITH_AREAS = "{results}/faith/{explainer}/{network}.csv"
FAITH_AGAIN = "{results}/faith/{explainer}/{network}.npz"

REFERENCES = "{results}/references/{reference}/{expression}.npy"
CEILINGS = "{results}/references/{reference}/ceiling.csv"
RIVALS = "{results}/rivals/{rival}.npy"
AVERAGE = "{results}/faces/average.npy"
OUTLINE = "{results}/rivals/outline.npy"
MEASURED = "{results}/agreement/{explainer}/{network}.npz"
LIKENESS = "{results}/likeness/{expression}.csv"
BOOTSTRAP = "{results}/likeness/bootstrap/{expression}.npz"
USED = "{results}/used.csv"
CONDITION = "results/validation/{condition}"

CANONICAL = project.resource("canonical_landmarks")
FAMILIES = project.resource("network_families")
