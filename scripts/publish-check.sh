#!/usr/bin/env bash
# Publishes samples/predict.cs as one trimmed file without .NET, and fails where a warning comes up, the file or the core is too large,
# or the first training step or prediction is late. It takes a minute or two and, the first time, packages from nuget.org.
set -eu
cd "$(dirname "$0")/.."
most_bytes=$((30 * 1000 * 1000))          # of the file
most_core_bytes=$((3 * 1000 * 1000))      # of Cartwright.Learning.dll
most_milliseconds=300                     # from the start of the process to its first step and its first prediction
out=$PWD/artifacts/publish
rm -rf "$out"
mkdir -p "$out"

fail() { echo "$1" >&2; exit 1; }

dotnet build src/Cartwright.Learning -c Release -nologo -v quiet > "$out/log" || { cat "$out/log" >&2; fail "The core does not build."; }
core=$(stat -c %s src/Cartwright.Learning/bin/Release/net10.0/Cartwright.Learning.dll)
echo "Cartwright.Learning.dll: $core bytes (at most $most_core_bytes)"
[ "$core" -le "$most_core_bytes" ] || fail "The core's assembly is too large."

if ! dotnet publish samples/predict.cs -c Release -o "$out" --use-current-runtime -v minimal -nologo -p:TrimmerSingleWarn=false \
    > "$out/log" 2>&1; then
  cat "$out/log" >&2
  fail "Publishing failed."
fi
if grep -E ": warning|warning (IL|NETSDK|CA|CS)" "$out/log" >&2; then
  fail "Publishing brought the warnings above."
fi

size=$(stat -c %s "$out/predict")
echo "predict: $size bytes (at most $most_bytes)"
[ "$size" -le "$most_bytes" ] || fail "The file is too large."
others=$(find "$out" -type f ! -name predict ! -name '*.pdb' ! -name '*.xml' ! -name log)
[ -z "$others" ] || fail "There is more than one file: $others"

best=1000000
for _ in 1 2 3 4 5; do
  rm -rf "$out/model"
  trained=$("$out/predict" train "$out/model")
  milliseconds=$(echo "$trained" | grep -o '[0-9]* ms' | grep -o '[0-9]*')
  [ "$milliseconds" -lt "$best" ] && best=$milliseconds
done
echo "$trained"
echo "first training step after $best ms (at most $most_milliseconds)"
[ "$best" -le "$most_milliseconds" ] || fail "The first training step is late."

best=1000000
for _ in 1 2 3 4 5; do
  inside=$("$out/predict" "$out/model" 0.1 -0.2)
  outside=$("$out/predict" "$out/model" 0.9 -0.9)
  milliseconds=$(echo "$inside" | grep -o '[0-9]* ms' | grep -o '[0-9]*')
  [ "$milliseconds" -lt "$best" ] && best=$milliseconds
done
echo "$inside; $outside"
chance() { echo "$1" | grep -o '[0-9]*\.[0-9]*' | head -n 1 | cut -d. -f1; }
[ "$(chance "$inside")" -ge 90 ] && [ "$(chance "$outside")" -le 10 ] || fail "The predictions are wrong."
echo "first prediction after $best ms (at most $most_milliseconds)"
[ "$best" -le "$most_milliseconds" ] || fail "The first prediction is late."
