"""Writes a trained network as ONNX, and what it gives for one small picture, for the test that ONNX Runtime gives the same."""

import argparse
import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from checkpoint import load_network
from network import SLOPE, CompactNetwork


class Graph:
    """Collects nodes and weights in order."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name: str, values: torch.Tensor) -> str:
        """Weights lie in the file with 16 bits, which halves it; ONNX Runtime widens them when it loads the file."""
        half = values.detach().numpy().astype(np.float16)
        self.weights.append(numpy_helper.from_array(half, f"{name}_half"))
        return self.node("Cast", [f"{name}_half"], name, to=TensorProto.FLOAT)

    def convolution(self, name: str, source: str, weight: torch.Tensor, bias: torch.Tensor | None = None) -> str:
        side = weight.shape[-1]
        inputs = [source, self.constant(f"{name}_weight", weight)]
        if bias is not None:
            inputs.append(self.constant(f"{name}_bias", bias))
        return self.node("Conv", inputs, name, kernel_shape=[side, side], pads=[side // 2] * 4)


def to_onnx(network: CompactNetwork) -> onnx.ModelProto:
    """The network with its weights folded: `input` and `output` are 1 x 3 x height x width, RGB in 0..1, of any size."""
    graph = Graph()

    def learned(name: str, source: str, layer) -> str:
        return graph.convolution(name, source, layer.folded(), layer.bias)

    def rectified(source: str) -> str:
        return graph.node("LeakyRelu", [source], f"{source}_rectified", alpha=SLOPE)

    y = rectified(learned("first", "input", network.first))
    for block in range(network.blocks):
        z = rectified(learned(f"block{block}_inner", y, network.body[2 * block]))
        z = learned(f"block{block}_outer", z, network.body[2 * block + 1])
        y = rectified(graph.node("Add", [z, y], f"block{block}"))
    detail = learned("last", y, network.last)
    base = graph.convolution("interpolation", "input", network.interpolation)
    y = graph.node("Add", [detail, base], "sum")
    graph.weights += [numpy_helper.from_array(np.float32(value), name) for name, value in (("zero", 0), ("one", 1))]
    y = graph.node("Clip", [y, "zero", "one"], "clipped")
    graph.node("DepthToSpace", [y], "output", blocksize=network.scale, mode="CRD")

    def picture(name: str):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, f"{name}_height", f"{name}_width"])

    body = helper.make_graph(graph.nodes, "imaginarium", [picture("input")], [picture("output")], graph.weights)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def expectation(network: CompactNetwork) -> dict:
    """A small picture and the network's answer to it, as base64 of float32."""
    picture = torch.rand(1, 3, 5, 7, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        answer = network(picture).clamp(0, 1)

    def packed(values: torch.Tensor) -> str:
        return base64.b64encode(values.contiguous().numpy().astype("<f4").tobytes()).decode()

    return {"width": 7, "height": 5, "input": packed(picture), "output": packed(answer)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path, help="the .onnx file; its expectation is written beside it as .json")
    options = parser.parse_args()
    network = load_network(options.checkpoint)
    content = to_onnx(network).SerializeToString()
    options.out.write_bytes(content)
    options.out.with_suffix(".json").write_text(json.dumps(expectation(network), indent=2) + "\n")
    print(f"sha256 {hashlib.sha256(content).hexdigest()}, {len(content)} bytes, scale {network.scale}")
    print(f"{network.macs_per_pixel} MAC per input pixel, receptive radius {network.receptive_radius} px")


if __name__ == "__main__":
    main()
