#!/usr/bin/env bash
# Starts ./logits as people do: from a copy whose path has a blank, from another folder, through a symlink, at once.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

# check WHAT ACTUAL EXPECTED
check() {
    if [[ $2 != "$3" ]]; then
        printf 'FAILED: %s\n  expected: %s\n  actual:   %s\n' "$1" "$3" "$2" >&2
        exit 1
    fi
    passed=$((passed + 1))
}

copy="$work/a copy"
mkdir "$copy"
git -C "$root" ls-files -z | tar -C "$root" --null -T - -cf - | tar -C "$copy" -xf -
cd "$work"

"$copy/logits" --version >first.out 2>first.err &
"$copy/logits" --version >second.out 2>second.err
wait $!
check 'one of two first starts builds, with one line' "$(cat first.err second.err)" \
    'logits: building the command, once (a minute or two)'
check 'both first starts answer' "$(head -n 1 first.out)" "$(head -n 1 second.out)"
check 'the SIMD kernels are found' "$(grep -c '^kernels simd, ' first.out)" 1

ln -s "$copy/logits" link
./link fit "$copy/examples/penguins.csv" --missing mean --json -o 'a model' >fit.json 2>fit.err
check 'nothing on standard error' "$(cat fit.err)" ''
check 'the fit converges' "$(grep -o '"converged":true' fit.json)" '"converged":true'
./link predict 'a model' "$copy/examples/penguins.csv" >predictions.csv 2>predict.err
check 'a row out for each row in' "$(wc -l <predictions.csv)" "$(wc -l <"$copy/examples/penguins.csv")"

status=0
./link fit missing.csv 2>error || status=$?
check 'a mistake exits with 2' "$status" 2
check 'a mistake is one line' "$(wc -l <error)" 1

(cd "$work" && ./link fit "$copy/examples/penguins.csv" --missing mean --threads 1 -o one >/dev/null)
(cd "$work" && ./link fit "$copy/examples/penguins.csv" --missing mean --threads 3 -o three >/dev/null)
check 'the same bytes for any number of threads' "$(cmp one three && echo same)" same
JAVA_TOOL_OPTIONS=-Dlogits.kernels=scalar ./link fit "$copy/examples/penguins.csv" --missing mean -o scalar >/dev/null
cmp -s <(tail -c 264 one) <(tail -c 264 scalar) && same=same || same=different
check 'the same coefficients without SIMD' "$same" same

echo "launcher: $passed passed, 0 failed"
