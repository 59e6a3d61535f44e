#!/usr/bin/env bash
# Reads and fits an svmlight file (L2) and holds its peak of resident memory to 1.3 times the stored matrix and 150 MB;
# what the command reports as its peak must be what the system saw.
# Usage: bench/memory.sh [MEGABYTES]; 500 without.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
megabytes=${1:-500}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$root/logits" --version >/dev/null
awk -v bytes="$((megabytes * 1000000))" 'BEGIN {
    srand(7)
    for (t = 0; t < 500; t++) {
        tail[t] = ""
        for (j = 1 + int(rand() * 1000); j <= 100000; j += 1 + int(rand() * 1000))
            tail[t] = tail[t] sprintf(" %d:%.4f", j, rand())
    }
    while (n < bytes) {
        line = (rand() < 0.5 ? "1" : "-1") tail[int(rand() * 500)]
        print line
        n += length(line) + 1
    }
}' >"$work/rows.svm"

"$root/logits" fit "$work/rows.svm" --json -o "$work/model.safetensors" >"$work/report" &
fit=$!
seen=0
while kill -0 "$fit" 2>/dev/null; do
    now=$(awk '/^VmHWM/ {print $2 * 1024}' "/proc/$fit/status" 2>/dev/null || true)
    [[ -z $now ]] || ((now <= seen)) || seen=$now
    sleep 0.1
done
wait "$fit"

number() { sed -E "s/.*\"$1\":([0-9]+).*/\1/" "$work/report"; }
stored=$(($(number nonzeros) * 8 + $(number rows) * 4))
peak=$(number peak_memory_bytes)
limit=$((stored * 13 / 10 + 150000000))
echo "stored matrix $stored bytes, peak $peak, seen from outside $seen, allowed $limit"
((peak <= limit)) || { echo "the peak is above what is allowed" >&2; exit 1; }
((seen <= peak + peak / 50 && peak <= seen + seen / 10)) || { echo "the reported peak is not what was seen" >&2; exit 1; }
