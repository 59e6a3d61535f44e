#!/usr/bin/env bash
# Tests the launcher as a process: links, folders, streams, signals, archives, start-up time.
# Usage: launcher-test.sh [REPOSITORY]; runs with the Java that JAVA_HOME or the path gives.
set -u

root=$(cd "${1:-${BASH_SOURCE[0]%/*}/../../..}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

check() { # check NAME CONDITION...
    local name=$1
    shift
    if "$@"; then
        echo "ok   $name"
    else
        echo "FAIL $name: $*"
        failures=$((failures + 1))
    fi
}

is() { [[ $1 == "$2" ]]; }
has() { [[ $1 == *"$2"* ]]; }
has_not() { [[ $1 != *"$2"* ]]; }

run() { # run COMMAND...: sets out, err, code
    "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
    out=$(<"$work/out")
    err=$(<"$work/err")
}

# A fresh copy in a folder with a space, started twice at once.
cd "$work"
mkdir 'a copy' 'a folder'
git -C "$root" ls-files -z | tar -C "$root" --null -T - -cf - | tar -C 'a copy' -xf -
copy=$work/'a copy/logits'
"$copy" --version >out.1 2>err.1 &
"$copy" --version >out.2 2>err.2
check 'the second of two first starts succeeds' is "$?" 0
wait $!
check 'and so does the first' is "$?" 0
check 'one of them builds, with one line' is "$(cat err.1 err.2)" 'logits: building the command, once (a minute or two)'
version=$(<out.1)
check 'both answer' is "$(<out.2)" "$version"
check 'the SIMD kernels are found' has "$version" 'kernels simd, '
ln -s "$copy" 'a folder/the link'
run 'a folder/the link' --version
check 'a link from another folder starts silently' is "$code:$out:$err" "0:$version:"

# The same model for any number of threads, and the same coefficients without SIMD.
penguins='a copy/examples/penguins.csv'
for threads in 1 3; do
    run "$copy" fit "$penguins" --missing mean --threads "$threads" -o "threads $threads"
    check "a fit with $threads threads converges silently" is "$code:$err" '0:'
done
check 'the same bytes for any number of threads' cmp 'threads 1' 'threads 3'
run env JAVA_TOOL_OPTIONS=-Dlogits.kernels=scalar "$copy" fit "$penguins" --missing mean -o scalar
coefficients() { "$copy" inspect "$1" --coefficients; }
check 'the same coefficients without SIMD' is "$(coefficients scalar)" "$(coefficients 'threads 1')"
run "$copy" predict scalar "$penguins"
check 'a row out for each row in' is "$(wc -l <"$work/out")" "$(wc -l <"$penguins")"
run env JAVA_TOOL_OPTIONS="-Djava.io.tmpdir=$work/none" "$copy" fit "$penguins" --missing mean -o 'no folder'
check 'a table is read without unpacking a library first' is "$code:$err" '0:'

# A checkout that was built on another platform, or whose library cannot be loaded, as from a mount without execution.
library=$(echo 'a copy/cli/target/lib/libduckdb_java.so_'*)
if [[ -e $library ]]; then
    cp "$library" kept
    # Its header now names a processor that there is not.
    printf '\377\377' | dd of="$library" bs=1 seek=18 conv=notrunc status=none
    run "$copy" fit "$penguins" --missing mean -o 'no library'
    check 'a library that cannot be loaded is one line and code 2' is "$code:$out:$(wc -l <"$work/err")" '2::1'
    check 'which says so' has "$err" "$library: DuckDB's library cannot be loaded: "
    mv "$library" "${library}_of_another"
    run "$copy" fit "$penguins" --missing mean -o 'another platform'
    check 'on another platform it builds anew' is "$code:$err" '0:logits: building the command, once (a minute or two)'
    check 'and has its own library' cmp "$library" kept
    check 'and no other' is "$(echo 'a copy/cli/target/lib/libduckdb_java.so_'*)" "$library"
fi

# Streams and exit codes.
printf '1 1:1 2:0.5\n0 1:2\n1 2:3\n0 1:1\n' >rows.svm
run "$copy" fit rows.svm -o m.safetensors --json
check 'a fit says nothing but its result' is "$code:$err" '0:'
check 'the result is one line of JSON' is "$(wc -l <"$work/out"):${out:0:9}" '1:{"data":{'
run "$copy" fit rows.svm --no-such
check 'a mistake is one line and code 2' is "$code:$out:$err" '2::logits: unknown option --no-such; see logits fit --help'
run env JAVA_TOOL_OPTIONS=-Dx=y JDK_JAVA_OPTIONS=-Dz=y "$copy" --version
check "the JVM's remarks stay out" is "$code:$err" '0:'
run env JDK_JAVA_OPTIONS=-Xmx8m "$copy" --version
check "the JVM's failures are told" is "$code:$out" '1:'
check 'and on standard error' has "$err" 'heap size'
"$copy" inspect m.safetensors --coefficients | head -n 1 >"$work/out" 2>"$work/err"
check 'a reader that stops early is no error' is "${PIPESTATUS[0]}:$(<"$work/out"):$(<"$work/err")" '0:class,feature,coefficient:'
(cd / && "$copy" predict "$work/m.safetensors" - --format svmlight <"$work/rows.svm") >"$work/out"
check 'standard input is read' is "$(wc -l <"$work/out")" 5
printf '{"logits":[0,"Infinity"]}\n%.0s' 1 2 3 >rows.jsonl
(cd / && "$copy" sample <(cat "$work/rows.jsonl")) >"$work/out.sample"
check 'a pipe with a name is read' is "$(cut -c1-10 "$work/out.sample" | tr '\n' ' ')" '{"token":1 {"token":1 {"token":1 '
"$copy" sample --logits <(head -c 64 /dev/zero) --vocab 8 --temperature 0 >"$work/out.sample"
check 'and so are raw rows' is "$(cut -c1-10 "$work/out.sample" | tr '\n' ' ')" '{"token":0 {"token":0 '
decoder='a copy/generate/src/test/resources/debian-gpt'
run "$copy" generate "$decoder" --prompt python3-
check 'a decoder continues a prompt, and nothing else is said' is "$code:$out:$err" \
    '0:pygob: Python3 bindings for the GSSAPI library:'
(echo before >&2; "$copy" --no-such; echo after >&2) 2>both
check 'messages keep their place in a file' is "$(sed 's/:.*//' both | tr '\n' ' ')" 'before logits after '

# A disk that fills: here a limit to the size of files stands for it.
head -c 3000 /dev/urandom | od -An -v -tu1 -w1 | awk '{ print NR % 2, NR ":" $1 + 1 }' >wide.svm
mkdir full
run bash -c "ulimit -f 8; cd full && '$copy' fit ../wide.svm -o m.safetensors"
check 'a full disk is one line and code 2' is "$code:$out:$(wc -l <"$work/err")" '2::1'
check 'and leaves nothing behind' is "$(ls full)" ''

# What the README shows runs as it stands there, in its order.
while IFS= read -r line; do
    run bash -c "cd 'a copy' && $line"
    check "README: $line" is "$code" 0
done < <(grep '^\./logits ' "$root/README.md")
check 'README: one line of probabilities per penguin' is "$(wc -l <'a copy/probabilities.csv')" 345

# Signals end it as they end any process.
mkfifo pipe
"$copy" fit - --format svmlight <pipe >/dev/null 2>"$work/err" &
process=$!
exec 5>pipe
sleep 1
kill -TERM "$process"
wait "$process"
check 'SIGTERM ends it' is "$?:$(<"$work/err")" '143:'
exec 5>&-

# Class-data archives.
rm -rf 'a copy/cli/target/cds'
for i in 1 2 3; do
    "$copy" --version >"first.$i" 2>&1 &
    starts[i]=$!
done
for i in 1 2 3; do
    wait "${starts[i]}"
    check "first start $i of three at once" is "$?:$(<"first.$i")" "0:$version"
done
archive=$(echo 'a copy'/cli/target/cds/*.jsa)
check 'one archive is made, and nothing is left beside it' is "$(ls 'a copy/cli/target/cds' | wc -l)" 1
check 'it holds classes' [ -s "$archive" ]
chmod u+w "$archive"
head -c 100000 /dev/urandom >"$archive"
run "$copy" --version
check 'a damaged archive is passed over silently' is "$code:$out:$err" "0:$version:"
rm -f "$archive"
"$copy" --version >/dev/null 2>&1
for home in /usr/lib/jvm/*; do
    [[ -r $home/release && -x $home/bin/java && ! -L $home ]] || continue
    run env JAVA_HOME="$home" "$copy" --version
    check "${home##*/} starts silently" is "$code:$err" '0:'
done
for one in 'a copy'/cli/target/cds/*.jsa; do
    for other in 'a copy'/cli/target/cds/*.jsa; do
        [[ $one == "$other" ]] || { chmod u+w "$other" && cp "$one" "$other"; }
    done
done
for home in /usr/lib/jvm/*; do
    [[ -r $home/release && -x $home/bin/java && ! -L $home ]] || continue
    run env JAVA_HOME="$home" "$copy" --version
    check "${home##*/} passes another's archive over silently" is "$code:$err" '0:'
done
rm -rf 'a copy/cli/target/cds'

# Which Java.
run env JAVA_HOME=/nowhere "$copy" --version
check 'without a Java in JAVA_HOME the path serves' is "$code:$err" '0:'
mkdir -p old/bin tools
printf '#!/bin/sh\n' >old/bin/java
chmod +x old/bin/java
echo 'JAVA_VERSION="11.0.2"' >old/release
ln -s "$(command -v bash)" "$(command -v env)" "$(command -v readlink)" "$(command -v find)" tools
run env JAVA_HOME="$work/old" PATH="$work/tools" "$copy" --version
check 'a Java that is too old is refused' is "$code:$err" \
    "2:logits: Java 17 or newer is needed, in JAVA_HOME ($work/old) or on the path"

# The bar is drawn on a terminal only, and the line is left empty.
if command -v script >/dev/null; then
    script -qec "'$copy' fit rows.svm -o m.safetensors" terminal >/dev/null </dev/null
    check 'a terminal gets a progress bar' has "$(<terminal)" 'fit'
    script -qec "'$copy' fit rows.svm -o m.safetensors --quiet" terminal >/dev/null </dev/null
    check 'and none with --quiet' has_not "$(<terminal)" '%'
fi

# Start-up: what makes it fast can be held; the time itself depends on what else the machine does, and is told.
# Not in the copy: JDK 17 shares no classes of jars whose path has a space.
# Started before it is looked at: a first start builds, with a JVM that would log its classes too.
run "$root/logits" --version
run env _JAVA_OPTIONS="-Xlog:class+load:file=classes" "$root/logits" --version
shared=$(grep -c 'source: shared objects file' classes)
loaded=$(grep -c 'source: ' classes)
check "four in five of the $loaded classes come from the archive" [ $((5 * shared)) -ge $((4 * loaded)) ]
run env _JAVA_OPTIONS="-Xlog:class+load:file=classes" "$root/logits" fit rows.svm -o m.safetensors
check 'and all of the parser of a fit' is "$(grep -c 'picocli.*source: file:' classes)" 0
best=999999999
for _ in 1 2 3 4 5 6 7 8 9 10; do
    begun=${EPOCHREALTIME/[.,]/}
    "$root/logits" --version >/dev/null
    took=$((${EPOCHREALTIME/[.,]/} - begun))
    best=$((took < best ? took : best))
done
echo "     best start-up of ten: $((best / 1000)) ms"

echo "launcher: $failures failures"
exit $((failures > 0))
