#!/usr/bin/env bash
# Builds with warnings as errors, runs every test project, and ends with one line: "N passed, N failed".
set -u
cd "$(dirname "$0")/.."
configuration=${1:-Release}
results=artifacts/test-results
rm -rf $results
mkdir -p $results

if ! dotnet build Cartwright.slnx -c "$configuration" -nologo -v minimal; then
  echo "The build failed, so no test was run." >&2
  echo "0 passed, 1 failed"
  exit 1
fi

passed=0 failed=0 skipped=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  timeout --kill-after=10 900 dotnet test "$project" -c "$configuration" --no-build -nologo -v quiet \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory $results
  code=$?

  # <Counters total="9" executed="8" passed="8" failed="0" …>: a skipped test is not executed.
  counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null | head -n 1)
  count() { printf '%s' "$counters" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }
  total=$(count total) executed=$(count executed) good=$(count passed)
  bad=$((${executed:-0} - ${good:-0}))
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$name ended with exit code $code before its tests were through." >&2
    bad=1
  fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + bad))
  skipped=$((skipped + ${total:-0} - ${executed:-0}))
done

echo
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
