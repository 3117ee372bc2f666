"""Where everything lies, stage by stage; `{results}` is the folder of a study's results."""

FACES = "{results}/faces/{corpus}/faces.npy"
LANDMARKS = "{results}/faces/{corpus}/landmarks.npy"
TABLE = "{results}/faces/{corpus}/faces.csv"
EXCLUDED = "{results}/faces/{corpus}/excluded.csv"
SUPERPIXELS = "{results}/faces/{corpus}/superpixels/{superpixels}/{size}.npy"
FOLDS = "{results}/faces/folds.csv"

WEIGHTS = "{results}/networks/{network}/fold{fold}/weights.safetensors"
HISTORY = "{results}/networks/{network}/fold{fold}/history.csv"
PREDICTIONS = "{results}/networks/{network}/fold{fold}/predictions.csv"
RECORDS = "{results}/networks/{network}/fold{fold}/record.json"
INITIAL = "{results}/networks/{network}/initial.safetensors"
THROUGHPUT = "{results}/networks/{network}/throughput.csv"

EXPLANATIONS = "{results}/explanations/{explainer}/{network}/{expression}.npz"
HEATMAPS = "{results}/heatmaps/{explainer}/{network}/{expression}.npy"
FOLD_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/folds/{expression}.npy"
FACE_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/faces/{expression}.npz"

REFERENCES = "{results}/references/{reference}/{expression}.npy"
RIVALS = [f"{{results}}/rivals/{name}.npy" for name in names("facsimile.atlas.rivals")]
OUTLINE = "{results}/rivals/outline.npy"
MEASURED = "{results}/agreement/{explainer}/{network}.npz"
LIKENESS = "{results}/likeness/{expression}.csv"
BOOTSTRAP = "{results}/likeness/bootstrap/{expression}.npz"
CONDITION = "results/validation/{condition}"

CANONICAL = resource("canonical_landmarks")
FAMILIES = resource("network_families")
