#!/usr/bin/env bash
# Softmax regression on the 60,000 images of Fashion-MNIST (Zalando Research, MIT licence), from Debian's package
# dataset-fashion-mnist: fetched into data/ where it is not installed. C = 0.01 on pixels scaled to [0, 1].
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
images=/usr/share/datasets/fashion-mnist
if [[ ! -d $images ]]; then
    images=$root/data/fashion-mnist/usr/share/datasets/fashion-mnist
    if [[ ! -d $images ]]; then
        mkdir -p "$root/data/fashion-mnist"
        (cd "$root/data/fashion-mnist" && apt-get download dataset-fashion-mnist && dpkg -x dataset-fashion-mnist_*.deb .)
    fi
fi
model=${1:-fashion-mnist.safetensors}
"$root/logits" fit "$images/train-images-idx3-ubyte.gz" --labels "$images/train-labels-idx1-ubyte.gz" \
    --lambda 0.0016666667 -o "$model"
"$root/logits" evaluate "$model" "$images/t10k-images-idx3-ubyte.gz" --labels "$images/t10k-labels-idx1-ubyte.gz"
