#!/bin/sh
# What this library makes of a GPU, measured by one command into one CSV with the card's name:
#
#     benchmarks/gpu.sh                     # all twelve networks: about ten minutes on a large card
#     benchmarks/gpu.sh --small             # two of them, small: a minute on a CPU
#
# Explaining over bare forward passes; ours against the packages lime and captum, where they are
# installed; training over a bare loop, and what determinism costs; bytes copied and waits a batch;
# memory. Needs Python 3.11 or newer with torch 2.11 or newer, torchvision and timm to match, numpy,
# pandas, scipy, scikit-image, scikit-learn, pydantic and safetensors; no Snakemake. PYTHON names
# the interpreter.
set -eu
exec "${PYTHON:-python3}" "$(dirname "$0")/gpu.py" "$@"
