"""Writes the standard operator tests of ONNX as one text resource, which OnnxOperatorTest reads.

    python3 onnx_operators.py > ../resources/io/logits/kernels/onnx-operators.txt       needs onnx (Apache-2.0)

One line a case: name, operator, attributes as key=value, then each tensor as `in` or `out`, its type, its shape and
its values; float32 values as the hexadecimal bits, integers in decimal. The expanded variants of a case have the same
arrays and are left out, as are cases of more than LARGEST entries, and those of NegativeLogLikelihoodLoss, which is an
indexing of given log-probabilities.
"""
import warnings

import numpy as np

# Removed from newer NumPy; the definitions of other cases use them.
for alias, kind in (("float", float), ("int", int), ("bool", bool), ("object", object)):
    if alias not in np.__dict__:
        setattr(np, alias, kind)

import onnx  # noqa: E402
from onnx.backend.test.case.node import collect_testcases  # noqa: E402

OPERATORS = ("Sigmoid", "Softplus", "Softmax", "LogSoftmax", "SoftmaxCrossEntropyLoss")
LARGEST = 5000


def tensor(role, array):
    array = np.asarray(array)
    shape = "x".join(str(n) for n in array.shape) if array.shape else "1"
    if array.dtype == np.float32:
        return f"{role} f {shape} " + ",".join("%x" % b for b in array.ravel().view(np.uint32))
    if array.dtype in (np.int64, np.int32):
        return f"{role} i {shape} " + ",".join(str(v) for v in array.ravel())
    raise ValueError(f"{role} has type {array.dtype}")


def main():
    warnings.simplefilter("ignore")
    print(f"# onnx {onnx.__version__}, Apache-2.0, written by onnx_operators.py")
    for case in collect_testcases(""):
        nodes = case.model.graph.node
        if len(nodes) != 1 or nodes[0].op_type not in OPERATORS:
            continue
        node = nodes[0]
        attributes = []
        for a in node.attribute:
            value = onnx.helper.get_attribute_value(a)
            attributes.append(f"{a.name}={value.decode() if isinstance(value, bytes) else value}")
        names = [n for n in node.input if n]
        for inputs, outputs in case.data_sets:
            if max(np.size(x) for x in inputs) > LARGEST:
                continue
            fields = [case.name, node.op_type, " ".join(attributes)]
            fields += [tensor("in", x) for _, x in zip(names, inputs)]
            fields += [tensor("out", x) for x in outputs]
            print(";".join(fields))


if __name__ == "__main__":
    main()
