"""A finished network in a file, such as people bring."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = 32
SEVEN = ("neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised")


def layer(channels, outputs, bias=0.0):
    """Return weights (outputs, channels): each output weighs the mean of each channel its way."""
    weights = np.random.default_rng(outputs).normal(size=(outputs, channels)).astype(np.float32)
    return weights, np.full(outputs, bias, np.float32)


def onnx_file(
    path, channels=1, outputs=7, batch="n", inputs=1, bias=0.0, softmax=False, size=SIZE, last=False
):
    """Write a network of means of channels and one dense layer."""
    weights, biases = layer(channels, outputs, bias)
    axes = [1, 2] if last else [2, 3]
    shape = [batch, size, size, channels] if last else [batch, channels, size, size]
    nodes = [
        helper.make_node("ReduceMean", ["images", "axes"], ["means"], keepdims=0),
        helper.make_node("Gemm", ["means", "weights", "bias"], ["scores"], transB=1),
        helper.make_node("Softmax" if softmax else "Identity", ["scores"], ["answers"]),
    ]
    given = [helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)]
    if inputs == 2:
        given.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, shape))
    arrays = {"axes": np.array(axes, np.int64), "weights": weights, "bias": biases}
    graph = helper.make_graph(
        nodes,
        "means",
        given,
        [helper.make_tensor_value_info("answers", TensorProto.FLOAT, [batch, outputs])],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=10), path)
    return path
