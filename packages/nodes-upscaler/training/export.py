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

RUNTIME = "com.microsoft"
"""Where the operations are found that ONNX Runtime has beyond the standard."""


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

    def convolution(
        self,
        name: str,
        source: str,
        weight: torch.Tensor,
        bias: torch.Tensor | None = None,
        plus: str = "",
        activation: tuple[str, list[float]] | None = None,
    ) -> str:
        """A convolution, with what is added to it and the function that it ends in.

        All three are one operation of ONNX Runtime. Of nodes on their own it joins the sum to the convolution but not what follows
        the sum, and then brings the picture into another order and back, each time.
        """
        side = weight.shape[-1]
        inputs = [source, self.constant(f"{name}_weight", weight)]
        if bias is not None:
            inputs.append(self.constant(f"{name}_bias", bias))
        shape = {"kernel_shape": [side, side], "pads": [side // 2] * 4}
        if activation is None:
            return self.node("Conv", inputs, name, **shape)
        kind, values = activation
        inputs += [plus] if plus else []
        return self.node("FusedConv", inputs, name, domain=RUNTIME, activation=kind, activation_params=values, **shape)


def to_onnx(network: CompactNetwork) -> onnx.ModelProto:
    """The network with its weights folded: `input` and `output` are 1 x 3 x height x width, RGB in 0..1, of any size.

    It ends in a pixel shuffle whose channels are in the order of pixels, colours last: Imaginarium leaves it out for pictures of
    8 bits and writes the squares into the picture itself.
    """
    graph = Graph()
    rectified = ("LeakyRelu", [SLOPE])
    order = torch.arange(3 * network.scale**2).view(3, network.scale**2).T.flatten()

    def learned(name: str, source: str, layer, plus: str = "") -> str:
        return graph.convolution(name, source, layer.folded(), layer.bias, plus, rectified)

    y = learned("first", "input", network.first)
    for block in range(network.blocks):
        z = learned(f"block{block}_inner", y, network.body[2 * block])
        y = learned(f"block{block}", z, network.body[2 * block + 1], plus=y)
    base = graph.convolution("interpolation", "input", network.interpolation[order])
    last = network.last
    squares = graph.convolution("squares", y, last.folded()[order], last.bias[order], base, ("Clip", [0.0, 1.0]))
    graph.node("DepthToSpace", [squares], "output", blocksize=network.scale, mode="DCR")

    def picture(name: str):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, f"{name}_height", f"{name}_width"])

    body = helper.make_graph(graph.nodes, "imaginarium", [picture("input")], [picture("output")], graph.weights)
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid(RUNTIME, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=8)
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
